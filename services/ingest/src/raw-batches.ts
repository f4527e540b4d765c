/** Raw batches: how the messages are kept, and how the observations of devices are read back from them. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Observation, ObservationBatch } from '@hub/contracts'
import { type Span, unionSpans } from '@hub/core'
import { observationsIn } from './raw-pack.ts'
import type { Store } from './store.ts'

/** Level 1: on JSON of observations it packs as small as the default and costs the least. */
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

export const pack = (payload: Uint8Array): Uint8Array => zstdCompressSync(payload, options)
export const unpack = (packed: Uint8Array): ObservationBatch => JSON.parse(zstdDecompressSync(packed).toString())

/** Up to so many devices it is cheaper to search a batch for their codes than to parse it. */
const searched = 8

/**
 * Raw observations of many devices (without their events), in no order, in one pass over the batches.
 * @param wanted half-open spans of event time for each device
 * @param span the longest time that one batch covers, ms
 */
export function readRaw(
  store: Pick<Store, 'batchesAt' | 'packsAt'>,
  gateways: Iterable<string>,
  wanted: ReadonlyMap<string, readonly Span[]>,
  span: number,
): Map<string, Observation[]> {
  const found = new Map<string, Observation[]>()
  const codes = wanted.size <= searched ? [...wanted.keys()] : null
  const periods = unionSpans([...wanted.values()].flat())
  const seen = new Set<number>()
  const take = (o: Observation) => {
    const spans = o.kind === 'event' ? undefined : wanted.get(o.device)
    if (!spans?.some((s) => o.at >= s.from && o.at < s.to)) return
    const list = found.get(o.device)
    if (list) list.push(o)
    else found.set(o.device, [o])
  }
  for (const gateway of gateways) {
    for (const o of packedObservations(store, gateway, periods, (device) => wanted.has(device))) take(o)
    for (const period of periods)
      for (const row of store.batchesAt(gateway, period.from, period.to, span)) {
        if (seen.has(row.id)) continue
        seen.add(row.id)
        const text = zstdDecompressSync(row.payload)
        if (codes && !codes.some((code) => text.includes(code))) continue
        for (const o of (JSON.parse(text.toString()) as ObservationBatch).observations) take(o)
      }
  }
  return found
}

/** Observations of the packs of a gateway that may hold some of these periods; each pack is unpacked once. */
export function* packedObservations(
  store: Pick<Store, 'packsAt'>,
  gateway: string,
  periods: readonly Span[],
  wants: (device: string) => boolean,
): Generator<Observation> {
  const seen = new Set<number>()
  for (const { from, to } of periods)
    for (const { id, payload } of store.packsAt(gateway, from, to)) {
      if (seen.has(id)) continue
      seen.add(id)
      for (const json of observationsIn(payload, wants)) yield JSON.parse(json) as Observation
    }
}
