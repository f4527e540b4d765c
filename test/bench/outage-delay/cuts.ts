/** What is cut: poles that lose power and switches that lose their line, all over the city, none of which shares a device with another. */
import type { DatabaseSync } from 'node:sqlite'

export type Cut = { kind: 'pole' | 'switch'; key: string; devices: string[] }

/** Every second one a switch. Each leaves most of its district standing, so that it is not the district that fails. */
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
  return poles.flatMap((pole, n) => (switches[n] ? [pole, switches[n]] : [pole]))
}

const spread = <T>(list: readonly T[], count: number): T[] =>
  Array.from({ length: Math.min(count, list.length) }, (_, n) => list[Math.floor((n * list.length) / count)]!)
