/** What devices are grouped and narrowed by, as SQL over `registry_tenure` and `uptime_sum`, and as a test on the attributes of one tenure. */
import type { Scope, UptimeFilter } from '@hub/contracts'

export const attributes = ['district', 'application', 'carrier', 'pointType', 'project', 'zone'] as const
export type Attribute = (typeof attributes)[number]
/** Values in the order of `attributes`; '' for none. */
export type Values = readonly string[]

/** Of `registry_tenure`, `uptime_sum` and `uptime_part`. */
export const columnOf: Record<Attribute, string> = {
  district: 'district',
  application: 'application',
  carrier: 'carrier',
  pointType: 'point_type',
  project: 'project',
  zone: 'zone',
}
export const attributeColumns: readonly string[] = attributes.map((attribute) => columnOf[attribute])

export type Narrowing = {
  /** A condition over a table that has these columns; every `?` in it is one of `parameters`. */
  sql: string
  parameters: string[]
  /** By districts, if by anything. */
  coarse: boolean
  passes(values: Values): boolean
}

/** The filter within the viewer's districts. Devices are not named by it. */
export function narrow(scope: Scope, filter: UptimeFilter): Narrowing {
  const allowed = attributes.map((attribute): readonly string[] | undefined => {
    const asked: readonly string[] | undefined = filter[attribute]
    if (attribute !== 'district' || scope === 'city') return asked
    return asked ? asked.filter((code) => (scope as readonly string[]).includes(code)) : scope
  })
  const sets = allowed.map((values) => values && new Set(values))
  return {
    sql:
      attributes
        .flatMap((attribute, i) =>
          allowed[i] ? [`${columnOf[attribute]} IN (${allowed[i].map(() => '?').join()})`] : [],
        )
        .join(' AND ') || 'TRUE',
    parameters: allowed.flatMap((values) => values ?? []),
    coarse: allowed.every((values, i) => !values || attributes[i] === 'district'),
    passes: (values) => sets.every((set, i) => !set || set.has(values[i]!)),
  }
}
