/**
 * Writes what the correlation has changed. Problem: twenty thousand devices at once are too much for one transaction beside ingest.
 * Solution: rows go in slices, outages before their members before their history. What a crash leaves is corrected at the next
 * start (`correctOutages`); what a failed transaction leaves is tried again, for nothing is forgotten before it is on disk.
 */
import type { OutageChange } from '@hub/contracts'
import type { CorrelatedOutage, Correlator, Episode, OutageEffect } from '@hub/core'
import type { Deps, Outgoing, RecordStore } from '@hub/platform'
import { notificationRequests } from './notifications.ts'
import { type OutageState, outageWriter, type StoredEpisode } from './store.ts'

/** Rows of one transaction. */
const sliceRows = 1_000

export type Written = { outages: OutageState[]; opened: CorrelatedOutage[]; gone: string[] }

export class Writer {
  readonly #record: Pick<RecordStore, 'commit' | 'sqlite'>
  readonly #outbox: Deps['outbox']
  readonly #factsOf: (outage: CorrelatedOutage) => OutageState
  readonly #put
  readonly #requests
  /** The outage under which each episode is on disk. */
  readonly #kept = new WeakMap<Episode, string>()
  readonly #outages = new Set<CorrelatedOutage>()
  readonly #episodes = new Set<Episode>()
  #effects: OutageEffect[] = []

  constructor(
    { record, audit, outbox }: Pick<Deps, 'record' | 'audit' | 'outbox'>,
    factsOf: (outage: CorrelatedOutage) => OutageState,
  ) {
    this.#record = record
    this.#outbox = outbox
    this.#factsOf = factsOf
    this.#put = outageWriter(record.sqlite, audit)
    this.#requests = notificationRequests(record.sqlite)
  }

  /** They are on disk as they are, but for their counts, which are written again. */
  restored(outages: readonly CorrelatedOutage[]): void {
    for (const outage of outages) {
      for (const episode of outage.episodes) this.#kept.set(episode, outage.id)
      if (outage.episodes.length > 0) this.#outages.add(outage)
    }
  }

  /** @param obeyed what people said, and whether it could be done. @returns what is on disk now that was not before. */
  async write(
    correlator: Correlator,
    effects: readonly OutageEffect[],
    now: number,
    obeyed: ReadonlyMap<number, boolean> = new Map(),
  ): Promise<Written> {
    const changes = correlator.takeChanges()
    for (const outage of changes.outages) this.#outages.add(outage)
    for (const episode of changes.episodes) this.#episodes.add(episode)
    this.#effects.push(...effects)
    // Emptied meanwhile: its episodes are in another.
    for (const outage of this.#outages) if (outage.episodes.length === 0) this.#outages.delete(outage)

    const states = [...this.#outages].map(this.#factsOf)
    const merged = new Map(this.#effects.flatMap((e) => (e.kind === 'merged' ? [[e.id, e.into]] : [])))
    const kept = [...this.#episodes].flatMap((episode) => this.#stored(episode) ?? [])
    const partOf = new Map(this.#effects.flatMap((e) => (e.kind === 'split' ? [[e.id, e]] : [])))
    const grounds = new Map<string, OutageChange[]>()
    for (const effect of this.#effects)
      if (effect.kind === 'changed' && isOfGround(effect.change))
        grounds.set(effect.outage.id, [...(grounds.get(effect.outage.id) ?? []), effect.change])
    const opened: CorrelatedOutage[] = []
    const rows: (() => Outgoing[])[] = [
      ...states.map((state) => () => {
        this.#put.putFacts(state, now)
        // With the flag that it explains: of the two never one alone.
        for (const change of grounds.get(state.id) ?? []) this.#put.putChange(state.id, change)
        const split = partOf.get(state.id)
        if (split?.byHand) this.#put.inherit(state.id, split.from)
        return split ? [this.#splitOf(state, split, now)] : []
      }),
      ...kept.map((row) => () => {
        this.#put.putMembers([row])
        return []
      }),
      ...[...merged.keys()].map((id) => () => [this.#merge(id, lastOf(id, merged), now)]),
    ]
    for (const effect of this.#effects) {
      if (effect.kind !== 'changed' || merged.has(effect.outage.id) || isOfGround(effect.change)) continue
      const { outage, change } = effect
      if (change.change === 'opened') opened.push(outage)
      rows.push(() => {
        this.#put.putChange(outage.id, change)
        return []
      })
    }
    // Last: what was told of the one holds for the other before that one's state is looked at.
    const changed = new Set([...states.map(({ id }) => id), ...[...merged.keys()].map((id) => lastOf(id, merged))])
    rows.push(...[...changed].map((id) => () => this.#requests([id], now)))
    // Very last: what is not in effect as a whole is done again after a crash.
    for (const [judgement, done] of obeyed)
      rows.push(() => {
        this.#put.obeyed(judgement, done)
        return []
      })
    const [outages, episodes, written] = [[...this.#outages], [...this.#episodes], this.#effects.length]
    for (let i = 0; i < rows.length; i += sliceRows) {
      if (i > 0) await new Promise((resolve) => setImmediate(resolve))
      await this.#record.commit(() => {
        this.#outbox.appendAll(rows.slice(i, i + sliceRows).flatMap((row) => row()))
      })
    }
    for (const outage of outages) this.#outages.delete(outage)
    for (const episode of episodes) this.#episodes.delete(episode)
    for (const { outage, episode } of kept) this.#kept.set(episode, outage)
    this.#effects = this.#effects.slice(written)
    return { outages: states, opened, gone: [...merged.keys()] }
  }

  #splitOf({ id, members }: OutageState, { from, byHand }: SplitEffect, at: number): Outgoing {
    const orders = byHand && byHand.orders.length > 0 ? { orders: [...byHand.orders] } : {}
    const value = { v: 1, at, id, from, members, fromMembers: this.#put.members(from), ...orders } as const
    return { name: 'outageSplit', params: {}, value }
  }

  #merge(id: string, into: string, at: number): Outgoing {
    const [members, intoMembers] = [this.#put.members(id), this.#put.members(into)]
    this.#put.merge(id, into, at)
    return { name: 'outageMerged', params: {}, value: { v: 1, at, id, into, members, intoMembers } }
  }

  #stored(episode: Episode): (StoredEpisode & { episode: Episode }) | null {
    if (episode.outage === null) return null
    return { ...episode, outage: episode.outage, was: this.#kept.get(episode) ?? null, episode }
  }
}

type SplitEffect = Extract<OutageEffect, { kind: 'split' }>

const isOfGround = ({ change }: OutageChange): boolean => change === 'expected' || change === 'unexpected'

function lastOf(id: string, merged: ReadonlyMap<string, string>): string {
  let into = merged.get(id)!
  // A circle would need an id to be given twice.
  for (let step = 0; merged.has(into) && step < 100; step++) into = merged.get(into)!
  return into
}
