/** A shell as small as can be: what ingest does with SQLite, done with arrays. */
import type { Interval } from '@hub/contracts'
import { type Amendment, amend, restartPoint } from '../amend.ts'
import { applyIntervals } from '../fold.ts'
import { expire, inOrder, observe } from '../observe.ts'
import { type DeviceHealth, type HealthPolicy, type Look, neverSeen, type Outcome, type Run } from '../types.ts'
import { splits, weave } from '../weave.ts'

export class Shell {
  health: DeviceHealth = neverSeen
  intervals: Interval[] = []
  corrections: Amendment['corrected'][] = []
  readonly #runs = new Map<number, Run>()
  readonly #raw: Look[] = []
  readonly #policy: HealthPolicy

  constructor(policy: HealthPolicy) {
    this.#policy = policy
  }

  get runs(): Run[] {
    if (this.health.run) this.#runs.set(this.health.run.firstAt, this.health.run)
    return [...this.#runs.values()].sort((a, b) => a.firstAt - b.firstAt)
  }

  take(looks: readonly Look[], now: number): void {
    this.#raw.push(...looks)
    const late: Look[] = []
    for (const look of looks)
      if (inOrder(this.health, look)) this.#apply(observe(this.health, look, this.#policy))
      else late.push(look)
    if (late.length > 0) this.#weave(late, now)
  }

  expire(now: number): void {
    this.#apply(expire(this.health, now, this.#policy))
  }

  #apply({ health, effects }: Outcome): void {
    this.health = JSON.parse(JSON.stringify(health))
    for (const effect of effects) if (effect.kind === 'run') this.#runs.set(effect.run.firstAt, effect.run)
    this.intervals = applyIntervals(this.intervals, effects)
  }

  #weave(late: readonly Look[], now: number): void {
    const from = restartPoint(this.intervals, Math.min(...late.map((look) => look.at)))
    const runs = this.runs.filter((run) => run.firstAt >= from)
    const expanded = new Map(
      splits(runs, late, this.#policy).map((run) => [
        run.firstAt,
        this.#raw.filter((look) => look.at >= run.firstAt && look.at <= run.lastAt),
      ]),
    )
    const woven = weave(runs, late, expanded, this.#policy)
    for (const run of runs) this.#runs.delete(run.firstAt)
    for (const run of woven) this.#runs.set(run.firstAt, run)

    const before = this.intervals.filter((interval) => interval.from < from).slice(-1)
    const known = [...before, ...this.intervals.filter((interval) => interval.from >= from)]
    const { health, replace, intervals, corrected } = amend({
      intervals: known,
      runs: woven,
      policy: this.#policy,
      now,
    })
    this.health = health
    this.corrections.push(corrected)
    if (!replace) return
    const kept = this.intervals.filter(({ from }) => from < replace.from || from >= replace.to)
    this.intervals = [...kept, ...intervals].sort((a, b) => a.from - b.from)
  }
}
