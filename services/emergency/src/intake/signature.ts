/** Whether a message is from whom it says, and new enough to be no recording. */
import { createHmac } from 'node:crypto'
import { HubError } from '@hub/contracts'
import { secondMs } from '@hub/core'
import { sameDigest } from '@hub/platform'
import type { Sender } from '../config.ts'

/** A message is taken so long after it was signed, and before: clocks differ. */
export const freshMs = 300 * secondMs

export type Signed = { sender: string; at: number; signature: string }

export const signatureOf = (key: string, at: number, body: Uint8Array): string =>
  createHmac('sha256', key).update(`${at}.`).update(body).digest('hex')

/** Before the body is read. @throws HubError `intake.sender`, also for one of another source; `intake.late` */
export function requireSender(senders: readonly Sender[], source: string, { sender, at }: Signed, now: number): Sender {
  const known = senders.find(({ id }) => id === sender)
  if (known?.source !== source) throw new HubError('intake.sender', { value: sender, limit: source })
  if (Math.abs(now - at) > freshMs) throw new HubError('intake.late', { value: at, limit: freshMs / secondMs })
  return known
}

/** @throws HubError `intake.signature` */
export function requireSignature({ id, key }: Sender, { at, signature }: Signed, body: Uint8Array): void {
  if (!sameDigest(signatureOf(key, at, body), signature)) throw new HubError('intake.signature', { value: id })
}
