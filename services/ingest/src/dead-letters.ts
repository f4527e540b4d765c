/** What was refused, kept for people to look at. */
import { type GatewayId, type Observation, topic } from '@hub/contracts'
import type { Refused } from './decode.ts'
import type { Store } from './store.ts'

/** Dead letters of one batch that get a row of their own; the rest of a batch that is bad all through shares one. */
const rowsOfOneBatch = 20

/** Inside a transaction. */
export function deadLetter(
  store: Pick<Store, 'insertDeadLetter'>,
  { gateway, receivedAt }: { gateway: GatewayId; receivedAt: number },
  refused: readonly Refused[],
): void {
  if (refused.length === 0) return
  const source = topic('observations', { gateway })
  for (const { reason, payload } of refused.slice(0, rowsOfOneBatch))
    store.insertDeadLetter(receivedAt, source, reason, payload)
  const rest = refused.slice(rowsOfOneBatch)
  if (rest.length === 0) return
  const list = Buffer.from(rest.map(({ reason, payload }) => `${reason}\t${Buffer.from(payload)}`).join('\n'))
  store.insertDeadLetter(receivedAt, source, `${rest.length} more of this batch, one a line`, list)
}

/** What the gateway of a device could not read, or not wholly: the observation counts, the message is kept. Inside a transaction. */
export function putUnread(
  store: Pick<Store, 'insertDeadLetter'>,
  { device, deadLetter }: Pick<Observation, 'device' | 'deadLetter'>,
  receivedAt: number,
): void {
  if (!deadLetter) return
  const { reason, payload, more } = deadLetter
  const told = more === undefined ? reason : `${reason} (and ${more} more like it before)`
  store.insertDeadLetter(receivedAt, topic('telemetry', { device }), told, Buffer.from(payload, 'base64'))
}
