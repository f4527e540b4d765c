/** How observations become a batch: each encoded once, when it is added. Pure. */
import { type GatewayId, Observation, parseOr } from '@hub/contracts'
import { type Encoded, encodeJson, type PartLimits, partBytes } from '../split.ts'

export type PackedBatch = { seq: number; observations: number; payload: Buffer }

/** `items` is the bound of the schema. */
export const batchLimits: PartLimits = { items: 5_000, bytes: partBytes }

/**
 * An observation as it will stand in its batch.
 * @throws HubError payload.invalid: one bad observation must not spoil the batch of the others.
 */
export const encode = (observation: Observation): Encoded =>
  encodeJson(parseOr(Observation, observation, 'payload.invalid', { value: 'observation' }))

/** The bytes of an `ObservationBatch`. */
export function pack(name: { gateway: GatewayId; epoch: number; seq: number }, part: readonly Encoded[]): PackedBatch {
  const { gateway, epoch, seq } = name
  const body = part.map((item) => item.json).join(',')
  const text = `{"v":1,"gateway":"${gateway}","epoch":${epoch},"seq":${seq},"observations":[${body}]}`
  return { seq, observations: part.length, payload: Buffer.from(text) }
}
