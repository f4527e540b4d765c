/** A shell as small as can be: what ingest does with SQLite, done with arrays. */
import type { Interval } from '@hub/contracts'
import { type Amendment, amend, restartPoint } from '../amend.ts'
import { applyIntervals } from '../fold.ts'
import { mergeRuns, splits } from '../merge-late.ts'
import { expire, inOrder, observe } from '../observe.ts'
import { type DeviceHealth, type Evidence, type HealthPolicy, neverSeen, type Outcome, type Run } from '../types.ts'

export class Shell {
  health: DeviceHealth = neverSeen
  intervals: Interval[] = []
  corrections: Amendment['corrected'][] = []
  readonly #runs = new Map<number, Run>()
  readonly #raw: Evidence[] = []
  readonly #policy: HealthPolicy

  constructor(policy: HealthPolicy) {
    this.#policy = policy
  }

  get runs(): Run[] {
    if (this.health.run) this.#runs.set(this.health.run.firstAt, this.health.run)
    return [...this.#runs.values()].sort((a, b) => a.firstAt - b.firstAt)
  }

  take(observations: readonly Evidence[], now: number): void {
    this.#raw.push(...observations)
    const late: Evidence[] = []
    for (const observation of observations)
      if (inOrder(this.health, observation)) this.#apply(observe(this.health, observation, this.#policy))
      else late.push(observation)
    if (late.length > 0) this.#mergeRuns(late, now)
  }

  expire(now: number): void {
    this.#apply(expire(this.health, now, this.#policy))
  }

  #apply({ health, effects }: Outcome): void {
    this.health = JSON.parse(JSON.stringify(health))
    for (const effect of effects) if (effect.kind === 'run') this.#runs.set(effect.run.firstAt, effect.run)
    this.intervals = applyIntervals(this.intervals, effects)
  }

  #mergeRuns(late: readonly Evidence[], now: number): void {
    const from = restartPoint(this.intervals, Math.min(...late.map((observation) => observation.at)))
    const runs = this.runs.filter((run) => run.firstAt >= from)
    const expanded = new Map(
      splits(runs, late, this.#policy).map((run) => [
        run.firstAt,
        this.#raw.filter((observation) => observation.at >= run.firstAt && observation.at <= run.lastAt),
      ]),
    )
    const merged = mergeRuns(runs, late, expanded, this.#policy)
    for (const run of runs) this.#runs.delete(run.firstAt)
    for (const run of merged) this.#runs.set(run.firstAt, run)

    const before = this.intervals.filter((interval) => interval.from < from).slice(-1)
    const known = [...before, ...this.intervals.filter((interval) => interval.from >= from)]
    const { health, replace, intervals, corrected } = amend({
      intervals: known,
      runs: merged,
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
