/** What was read back against what was written. */
import { isBlank, type Row, shapeOf } from '../rows.ts'

/** What a point is about: of two with the same name only one may count. */
const nameOf = ({ measurement, at, tags }: Row): string =>
  [at, ...shapeOf(measurement).identity.map((tag) => tags[tag])].join(' ')

const agrees = (a: Record<string, unknown>, b: Record<string, unknown>): boolean =>
  Object.keys(a).every((key) => a[key] === b[key])

export type Verdict<T> = {
  stored: T[]
  missing: T[]
  /** Points to be written over what lies under tags that the device no longer has, and would count twice. */
  blanks: Row[]
}

/** @param found every point of the devices and times of `written`, under whatever tags */
export function compare<T extends { row: Row }>(written: readonly T[], found: readonly Row[]): Verdict<T> {
  const byName = Map.groupBy(found, nameOf)
  const verdict: Verdict<T> = { stored: [], missing: [], blanks: [] }
  for (const one of written) {
    const { row } = one
    const same = byName.get(nameOf(row)) ?? []
    const own = same.find((other) => agrees(row.tags, other.tags))
    const { blank } = shapeOf(row.measurement)
    const strays = blank ? same.filter((other) => other !== own && !isBlank(other)) : []
    for (const stray of strays) verdict.blanks.push({ ...stray, fields: { ...blank } })
    if (own && strays.length === 0 && agrees(row.fields, own.fields)) verdict.stored.push(one)
    else verdict.missing.push(one)
  }
  return verdict
}
