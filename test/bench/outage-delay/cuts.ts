/** What is cut: poles that lose power and switches that lose their line, all over the city, none of which shares a device with another. */
import type { DatabaseSync } from 'node:sqlite'

export type Cut = { kind: 'pole' | 'switch'; key: string; devices: string[] }

/**
 * Every second one a switch. Each leaves most of its district standing, and the next ones are in other districts, so that it is not the
 * district that fails.
 */
export function chooseCuts(record: DatabaseSync, count: number): Cut[] {
  const of = (kind: Cut['kind']) =>
    record
      .prepare(
        `SELECT ${kind === 'pole' ? 'pole' : "json_extract(record, '$.switch')"} AS key, json_group_array(id) AS ids
         FROM device GROUP BY key HAVING key IS NOT NULL ORDER BY key`,
      )
      .all()
      .map((row): Cut => ({ kind, key: `${row.key}`, devices: JSON.parse(`${row.ids}`) }))
  const switches = spread(
    of('switch').filter(({ devices }) => devices.length > 2),
    Math.floor(count / 2),
  )
  const cut = new Set(switches.flatMap(({ devices }) => devices))
  const poles = spread(
    of('pole').filter(({ devices }) => !devices.some((id) => cut.has(id))),
    count - switches.length,
  )
  return strewn(poles.flatMap((pole, n) => (switches[n] ? [pole, switches[n]] : [pole])))
}

/** Keys begin with the district: neighbours in the list are neighbours in the city, and are taken far from one another. */
function strewn<T>(list: readonly T[]): T[] {
  const stride = [...list.keys()].find((step) => step > list.length * 0.38 && gcd(step, list.length) === 1) ?? 1
  return list.map((_, n) => list[(n * stride) % list.length]!)
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

const spread = <T>(list: readonly T[], count: number): T[] =>
  Array.from({ length: Math.min(count, list.length) }, (_, n) => list[Math.floor((n * list.length) / count)]!)
