/** The ladder of one camera: what each rung said last, which is asked now, and what comes of it. Knows no rung by name. */
import type { Explanation, Reason, Rung as RungName } from '@hub/contracts'
import { OnvifFault } from '../onvif/fault.ts'
import type { Before, LadderPolicy, Rung, RungResult, RungSubject } from './rung.ts'
import { spread } from './schedule.ts'
import type { HealthRung, SlowRung } from './verdict.ts'

type Step = {
  readonly rung: RungName
  readonly asks: Rung
  readonly every: number
  said: Before['said']
  detail: string | undefined
  mark: number | undefined
  /** Since it was asked last. */
  probes: number
}

export type Climbed = {
  health: HealthRung
  /** Of the fault. */
  detail: string | undefined
  values: Readonly<Record<string, number>> | undefined
  changed: object | undefined
  stale: boolean
}

export class Ladder {
  readonly #now: () => number
  readonly #vital: readonly Rung[]
  /** The others, lowest first. */
  readonly #slow: readonly Step[]

  constructor(options: { now: () => number; rungs: readonly Rung[]; policy: LadderPolicy; id: string }) {
    const { rungs, policy, id } = options
    this.#now = options.now
    this.#vital = rungs.filter(({ vital }) => vital)
    this.#slow = rungs
      .filter(({ vital }) => !vital)
      .map((rung) => {
        const every = rung.every(policy)
        const probes = rung.phased ? Math.floor(spread(id) * every) : 0
        return { rung: rung.name, asks: rung, every, said: 'nothing', detail: undefined, mark: undefined, probes }
      })
  }

  /** What the rungs above the vital ones said last, lowest first. */
  get slow(): readonly SlowRung[] {
    return this.#slow
  }
  said(name: RungName): Before['said'] {
    return this.#step(name)?.said ?? 'nothing'
  }
  /** Cause of what a rung said, of the lowest that says this. */
  detailOf(said: Reason): string | undefined {
    return this.#slow.find((step) => step.said === said)?.detail
  }
  explain(): (Omit<Explanation['rungs'][number], 'detail'> & { detail: string | undefined })[] {
    return this.#slow.map(({ rung, said, detail, every, probes }) => ({
      rung,
      said,
      detail,
      every,
      in: Math.max(0, every - probes),
    }))
  }

  /** Records what a rung said outside a probe. */
  note(name: RungName, said: Before['said'], detail?: string): void {
    const step = this.#step(name)
    if (step) record(step, said, detail)
  }
  /** Has a rung asked with the next probe. */
  doubt(name: RungName): void {
    const step = this.#step(name)
    if (step) step.probes = step.every
  }
  /** What was wrong by a rung that no probe asks is asked anew when the camera is back. Returns whether there was such a thing. */
  forgetUnprobed(): boolean {
    const wrong = this.#slow.filter(({ every, said }) => every === 0 && said !== 'pass' && said !== 'nothing')
    for (const step of wrong) record(step, 'nothing')
    return wrong.length > 0
  }

  /** Asks one rung and records nothing. Undefined: it cannot be told now. */
  async ask(name: RungName, subject: RungSubject): Promise<RungResult | undefined> {
    const step = this.#step(name)
    return step?.asks.ready?.(subject, step, true) === false ? undefined : step && outcome(step.asks, subject, step)
  }

  /**
   * The vital rungs always, the others when they are due, or with `all`; up to the first that does not pass.
   * @param vitalOnly the subject is at another address, where no login is sent.
   */
  async climb(subject: RungSubject, { all, vitalOnly }: { all: boolean; vitalOnly: boolean }): Promise<Climbed> {
    const startedAt = this.#now()
    const climbed: Climbed = {
      health: noAnswer,
      detail: undefined,
      values: undefined,
      changed: undefined,
      stale: false,
    }
    for (const rung of this.#vital) {
      try {
        const result = await rung.run(subject, nothingSaid)
        if (result) apply(climbed, result)
      } catch (error) {
        const { rung: lowest, reason, message } = faultFrom(error)
        climbed.health = { fault: { rung: lowest, reason } }
        climbed.detail = message
        return climbed
      }
    }
    const ms = this.#now() - startedAt
    climbed.health = { ms, clockOffsetMs: climbed.values?.clockOffsetMs ?? null }
    if (vitalOnly) return climbed
    for (const step of this.#slow) {
      if (step.every === 0) continue
      if (isDue(step, subject, all)) this.#take(step, await outcome(step.asks, subject, step), climbed)
      if (step.said !== 'pass') break
    }
    return climbed
  }

  #take(step: Step, result: RungResult | undefined, climbed: Climbed): void {
    if (!result) return
    record(step, result.said, result.detail)
    if (result.mark !== undefined) step.mark = result.mark
    apply(climbed, result)
    for (const name of result.doubts ?? []) this.doubt(name)
  }

  #step(name: RungName): Step | undefined {
    return this.#slow.find(({ rung }) => rung === name)
  }
}

/** Counts the probe, anew when it is due. */
function isDue(step: Step, subject: RungSubject, all: boolean): boolean {
  step.probes++
  const faulty = step.said !== 'pass' && step.said !== 'nothing'
  const due = (all || faulty || step.probes >= step.every) && (step.asks.ready?.(subject, step, all) ?? true)
  if (due) step.probes = 0
  return due
}

const noAnswer: HealthRung = { ms: 0, clockOffsetMs: null }
const nothingSaid: Before = { said: 'nothing', mark: undefined }

function record(step: Step, said: Before['said'], detail?: string): void {
  step.said = said
  step.detail = detail
}

function apply(climbed: Climbed, { values, changed, stale }: RungResult): void {
  if (values) climbed.values = climbed.values ? { ...climbed.values, ...values } : values
  climbed.changed ??= changed
  climbed.stale ||= stale ?? false
}

/** A fault is what the rung says, but of the gateway's own network, which says nothing of the camera. */
async function outcome(rung: Rung, subject: RungSubject, before: Before): Promise<RungResult | undefined> {
  try {
    return await rung.run(subject, before)
  } catch (error) {
    const { reason, message } = faultFrom(error)
    return reason === 'gateway-network' ? undefined : { said: reason, detail: message }
  }
}

/** Anything else than an OnvifFault is a defect of ours: it must not be reported as the camera's. */
function faultFrom(error: unknown): OnvifFault {
  if (error instanceof OnvifFault) return error
  throw error
}
