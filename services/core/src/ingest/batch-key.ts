/** Whether the key that a batch was signed with counts. A signature by any other key shows nothing: everybody can make a key. */
import { type PinnedKey, type SealedBatch, sealedBatchText } from '@hub/contracts'

export type KeyStanding = 'pinned' | 'unsigned' | 'unknown' | 'unapproved' | 'retired'

/** By the key that was pinned when the gateway was enrolled, or that a person approved since, and only while it was in force. */
export function keyStanding(
  { gateway, key, receivedAt }: Pick<SealedBatch, 'gateway' | 'key' | 'receivedAt'>,
  keys: readonly PinnedKey[],
): KeyStanding {
  if (key === null) return 'unsigned'
  const known = keys.find((one) => one.gateway === gateway && one.key === key)
  if (!known) return 'unknown'
  if (known.pinnedAt === null) return 'unapproved'
  return known.retiredAt !== null && receivedAt > known.retiredAt ? 'retired' : 'pinned'
}

/** What the gateway has signed of a batch: its name and its digest. */
export const signedText = ({ digest, ...name }: SealedBatch): string => sealedBatchText(name, digest)
