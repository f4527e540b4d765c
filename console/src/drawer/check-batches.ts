/** What a browser finds when it checks batches: the signature by the key that was pinned, and by no other. */
import type { PinnedKey, SealedBatch } from '@hub/contracts'
import { type KeyStanding, keyStanding } from '@hub/core'
import { canCheckSignatures, isSealedBy } from '../lib/ed25519.ts'

/** `good`: signed with the pinned key. `broken`: the key is the pinned one, and the signature is not of this digest and name. */
export type Finding = 'good' | 'broken' | Exclude<KeyStanding, 'pinned'>

export const batchName = ({ gateway, epoch, seq }: SealedBatch): string => `${gateway}/${epoch}/${seq}`

/** By name. @returns null where this browser cannot check any */
export async function checkBatches(
  batches: readonly SealedBatch[],
  keys: readonly PinnedKey[],
): Promise<ReadonlyMap<string, Finding> | null> {
  if (!(await canCheckSignatures())) return null
  const found = batches.map(async (batch): Promise<[string, Finding]> => {
    const standing = keyStanding(batch, keys)
    if (standing !== 'pinned' || batch.key === null) return [batchName(batch), standing as Finding]
    return [batchName(batch), (await isSealedBy(batch.key, batch)) ? 'good' : 'broken']
  })
  return new Map(await Promise.all(found))
}
