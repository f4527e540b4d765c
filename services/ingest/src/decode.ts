/** One message of a gateway becomes a batch of good observations and the refused ones, each with the exact reason. */
import {
  type BatchSeal,
  errorMessage,
  firstIssue,
  type GatewayId,
  GatewayId as GatewayIdSchema,
  Observation,
  type ObservationBatch,
  ObservationBatch as ObservationBatchSchema,
} from '@hub/contracts'
import { isPlainlyBatch } from './wellformed.ts'

/** What is kept as a dead letter. */
export type Refused = { reason: string; payload: Uint8Array }
/** The name of a batch, without its gateway. */
export type BatchName = { epoch: number; seq: number }

export type Decoded = {
  /** Null when not even the name could be read: then nothing can be acknowledged. */
  name: BatchName | null
  observations: Observation[]
  refused: Refused[]
  seal?: BatchSeal | undefined
}

/** Stands in for the list while the envelope is checked; the list is then checked one by one. */
const sound: Observation = {
  device: '0'.repeat(20),
  at: 0,
  kind: 'probe',
  verdict: 'pass',
  rung: 'reachable',
  every: 1_000,
}

/**
 * @param gateway the gateway of the topic: the broker has proved it, the payload has not
 * @param payload JSON of an `ObservationBatch`
 */
export function decode(gateway: GatewayId, payload: Buffer): Decoded {
  const refuse = (field: string, limit: string, name: BatchName | null): Decoded => ({
    name,
    observations: [],
    refused: [{ reason: reasonOf(gateway, field, limit), payload }],
  })
  let input: unknown
  try {
    input = JSON.parse(payload.toString())
  } catch (error) {
    return refuse('body', `not JSON: ${(error as Error).message}`, nameIn(payload.toString('latin1', 0, 256)))
  }
  const claimed = (input as { gateway?: unknown } | null)?.gateway
  if (claimed !== gateway && GatewayIdSchema.safeParse(claimed).success)
    return refuse('gateway', `is ${claimed}, but the topic is of ${gateway}`, nameOf(input))
  if (isPlainlyBatch(input)) return whole(input)
  const result = ObservationBatchSchema.safeParse(input)
  return result.success ? whole(result.data) : decodeSingly(gateway, input, refuse)
}

const whole = (batch: ObservationBatch): Decoded => ({
  name: { epoch: batch.epoch, seq: batch.seq },
  observations: batch.observations,
  refused: [],
  seal: batch.seal,
})

function decodeSingly(
  gateway: GatewayId,
  input: unknown,
  refuse: (field: string, limit: string, name: BatchName | null) => Decoded,
): Decoded {
  const list = (input as { observations?: unknown } | null)?.observations
  const head = ObservationBatchSchema.safeParse(
    Array.isArray(list) && list.length > 0 && list.length <= 5_000
      ? { ...(input as object), observations: [sound] }
      : input,
  )
  if (!head.success) {
    const { field, limit } = firstIssue(head.error, input)
    return refuse(field, limit, nameOf(input))
  }
  const { epoch, seq, seal } = head.data
  const decoded: Decoded = { name: { epoch, seq }, observations: [], refused: [], seal }
  for (const [index, item] of (list as unknown[]).entries()) {
    const result = Observation.safeParse(item)
    if (result.success) decoded.observations.push(result.data)
    else {
      const { field, limit } = firstIssue(result.error, item)
      const reason = reasonOf(gateway, `observations.${index}${field === 'body' ? '' : `.${field}`}`, limit)
      decoded.refused.push({ reason, payload: Buffer.from(JSON.stringify(item)) })
    }
  }
  return decoded
}

export const reasonOf = (gateway: GatewayId, field: string, limit: string): string =>
  errorMessage('batch.invalid', { value: gateway, field, limit })

const isName = ({ epoch, seq }: { epoch?: unknown; seq?: unknown }): boolean =>
  Number.isSafeInteger(epoch) && Number.isSafeInteger(seq) && (epoch as number) >= 0 && (seq as number) >= 1

function nameOf(input: unknown): BatchName | null {
  const { epoch, seq } = (input ?? {}) as { epoch?: unknown; seq?: unknown }
  return isName({ epoch, seq }) ? { epoch: epoch as number, seq: seq as number } : null
}

/** The name of a batch by its first characters: of one whose bytes are no JSON (cut off, say), so that it can be acknowledged and the queue moves. */
export function nameIn(head: string): BatchName | null {
  const text = head.slice(0, 256)
  const field = (name: string) => Number(new RegExp(`"${name}":(\\d{1,16})[,}]`).exec(text)?.[1] ?? Number.NaN)
  const name = { epoch: field('epoch'), seq: field('seq') }
  return isName(name) ? name : null
}
