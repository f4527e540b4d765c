/** How far the rollout is, asked again while somebody looks: often while it goes on, seldom while it rests, never in a hidden tab. */
import type { Commissioning } from '@hub/contracts'
import {
  type CommissioningSample,
  isCommissioned,
  isRolloutUnderWay,
  leadingStep,
  stepCounts,
  stepPaces,
  withSample,
} from '@hub/core'
import { Resource } from '../../api/resource.svelte.ts'
import { may } from '../../session/session.svelte.ts'
import { pollAfter, windowMs } from './pace.ts'

export class CommissioningWatch {
  readonly resource = new Resource<Commissioning>(() => '/commissioning')
  #samples = $state.raw<CommissioningSample[]>([])
  readonly paces = $derived(stepPaces(this.#samples))
  readonly underWay = $derived(isRolloutUnderWay(this.#samples))
  /** The moving step that will be done last; undefined while nothing moves. */
  readonly leading = $derived(leadingStep(this.paces))
  readonly whole = $derived(isCommissioned(this.#samples.at(-1)))
  /** Two answers make a pace. */
  readonly measured = $derived(this.#samples.length > 1)
  #timer: ReturnType<typeof setTimeout> | null = null
  #stopped = true

  /** Call in an effect's scope. Returns the stop. */
  start(): () => void {
    if (!may('oversee')) return () => {}
    this.#stopped = false
    const seen = () => {
      if (!document.hidden) void this.read()
    }
    document.addEventListener('visibilitychange', seen)
    seen()
    return () => {
      this.#stopped = true
      document.removeEventListener('visibilitychange', seen)
      if (this.#timer) clearTimeout(this.#timer)
      this.resource.clear()
    }
  }

  async read(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    await this.resource.load()
    if (this.#stopped) return
    const { data, error } = this.resource
    // By the hub's clock: what the answer took on its way is no part of the pace.
    if (data && !error && data.asOf !== this.#samples.at(-1)?.at)
      this.#samples = withSample(this.#samples, { at: data.asOf, steps: stepCounts(data) }, windowMs)
    if (this.#timer || document.hidden) return
    this.#timer = setTimeout(
      () => {
        this.#timer = null
        if (!document.hidden) void this.read()
      },
      pollAfter(this.#samples, error !== null),
    )
  }
}
