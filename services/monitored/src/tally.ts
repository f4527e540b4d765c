/**
 * Verdicts on their way to the Record: the last of each system, and how many of the checks of each hour were passed. What cannot be
 * written now, because the Record is what failed, is written with the next round, so that a full disk does not hide its own failures.
 */
import { hourMs } from '@hub/core'
import type { RecordStore } from '@hub/platform'
import type { System, Verdict } from './system.ts'

type Count = { platform: string; at: number; passed: number; due: number }

export class Tally {
  readonly #latest = new Map<string, { system: System; verdict: Verdict; at: number }>()
  readonly #counts = new Map<string, Count>()

  /** @param at when the check began, by the hub's clock */
  add(system: System, verdict: Verdict, at: number): void {
    const hour = Math.floor(at / hourMs) * hourMs
    const key = `${system.id} ${hour}`
    const count = this.#counts.get(key) ?? { platform: system.id, at: hour, passed: 0, due: 0 }
    count.due++
    if (verdict.normal) count.passed++
    this.#counts.set(key, count)
    this.#latest.set(system.id, { system, verdict, at })
  }

  /** Rejects when the Record refuses; then nothing is forgotten. */
  async write(record: Pick<RecordStore, 'commit'>): Promise<void> {
    const latest = [...this.#latest.values()]
    const counts = [...this.#counts.values()]
    if (counts.length === 0) return
    await record.commit((sqlite) => {
      const putState = sqlite.prepare(
        `INSERT INTO monitored_system (platform, name, kind, url, normal, checked_at, ms, problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (platform) DO UPDATE SET name = excluded.name, kind = excluded.kind, url = excluded.url, normal = excluded.normal,
           checked_at = excluded.checked_at, ms = excluded.ms, problem = excluded.problem`,
      )
      const putHour = sqlite.prepare(
        `INSERT INTO monitored_hour (platform, at, passed, due) VALUES (?, ?, ?, ?)
         ON CONFLICT (platform, at) DO UPDATE SET passed = passed + excluded.passed, due = due + excluded.due`,
      )
      for (const { system, verdict, at } of latest) {
        const { id, name, kind, url } = system
        putState.run(id, name, kind, url, Number(verdict.normal), at, verdict.ms, verdict.problem)
      }
      for (const { platform, at, passed, due } of counts) putHour.run(platform, at, passed, due)
    })
    // Only one round at a time adds, and it has ended.
    this.#latest.clear()
    this.#counts.clear()
  }
}
