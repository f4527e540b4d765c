/** Scenarios from files: what people said of real outages, or a scenario written out to be looked at. One JSON object a file. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from './types.ts'

const lists = ['devices', 'events', 'causes', 'works'] as const

export function* judged(folder: string): Generator<Scenario> {
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.json')) continue
    const read: Partial<Scenario> = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    const missing = lists.find((key) => !Array.isArray(read[key]))
    if (missing) throw new Error(`${file}: ${missing} is not a list`)
    const events = read.events!.toSorted((a, b) => a.decidedAt - b.decidedAt)
    const span = { from: events[0]?.decidedAt ?? 0, to: (events.at(-1)?.decidedAt ?? 0) + 300_000 }
    const absent = { name: file, kind: 'judged', seed: 0, record: {}, ...span }
    yield { ...absent, ...(read as Omit<Scenario, keyof typeof absent>), events }
  }
}

export function write(folder: string, scenario: Scenario): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${scenario.name}.json`), JSON.stringify(scenario))
}
