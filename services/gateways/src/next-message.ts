/** What a gateway is sent next, by what it holds and what is in force. Pure. */
import type { DeviceId, GatewayStatus } from '@hub/contracts'
import type { InForce } from './assigned.ts'

/** `digest` undefined: it has not said. */
export type Held = { version: number; digest: string | undefined; whole: { to: number; upTo: DeviceId } | undefined }

export type NextMessage =
  /** It holds what is in force. */
  | { kind: 'nothing' }
  /** What has changed after a version. Also of the version in force, to ask for the digest. */
  | { kind: 'delta'; from: number }
  /** The whole list, from an id on. */
  | { kind: 'range'; after: DeviceId | null; to: number }

export const heldOf = ({ assignment, holds }: Pick<GatewayStatus, 'assignment' | 'holds'>): Held => ({
  version: assignment,
  digest: holds?.digest,
  whole: holds?.whole,
})

/**
 * A whole list is sent where what has changed does not lead to what is in force: another list under the same version, a version that was never
 * given (a Record that was restored), or one so old that it is no longer known what was taken away since.
 */
export function nextMessage(held: Held, inForce: InForce): NextMessage {
  const { version, digest, whole } = held
  if (whole && whole.to <= inForce.version && whole.to >= inForce.pruned)
    return { kind: 'range', after: whole.upTo, to: whole.to }
  const fromStart: NextMessage = { kind: 'range', after: null, to: inForce.version }
  if (version > inForce.version) return fromStart
  if (version === inForce.version) {
    if (digest === undefined) return { kind: 'delta', from: version }
    return digest === inForce.digest ? { kind: 'nothing' } : fromStart
  }
  // One that holds nothing has nothing to drop.
  return version === 0 || version >= inForce.pruned ? { kind: 'delta', from: version } : fromStart
}
