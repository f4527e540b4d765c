/** A message as it came. Its bytes wait cheaply, a parsed batch does not: so only what decides its turn is read here. */
import type { GatewayId } from '@hub/contracts'
import type { BatchName } from './decode.ts'

export type Arrival = {
  gateway: GatewayId
  /** JSON of an `ObservationBatch`, if the gateway is sound. */
  payload: Buffer
  receivedAt: number
  /** Null where the bytes do not begin as a gateway writes them: the decoder then finds the name. */
  name: BatchName | null
  /** Event time of its last observation; null where there is none to be seen. For the order of work only. */
  newestAt: number | null
}

export const arrivalOf = (gateway: GatewayId, payload: Buffer, receivedAt: number): Arrival => ({
  gateway,
  payload,
  receivedAt,
  name: nameAtHead(gateway, payload),
  newestAt: lastInstant(payload),
})

const head = /^\{"v":1,"gateway":"(\d{20})","epoch":(\d{1,15}),"seq":([1-9]\d{0,14}),"observations":/
const headBytes = 128
const atKey = '"at":'
const instantBytes = 16

function nameAtHead(gateway: GatewayId, payload: Buffer): BatchName | null {
  const found = head.exec(payload.toString('latin1', 0, headBytes))
  return found?.[1] === gateway ? { epoch: Number(found[2]), seq: Number(found[3]) } : null
}

function lastInstant(payload: Buffer): number | null {
  const key = payload.lastIndexOf(atKey)
  if (key < 0) return null
  const at = Number.parseInt(payload.toString('latin1', key + atKey.length, key + atKey.length + instantBytes), 10)
  return Number.isNaN(at) ? null : at
}
