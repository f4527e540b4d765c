/**
 * Seals batches with a key of this gateway's own (contracts: `batch-seal.ts`). The key is made at the first start and never leaves the machine;
 * its public half goes to the centre in the status, once that has asked for it. A batch is sealed as it is sent: Ed25519 gives the same
 * signature each time, so one name has one content for ever, and the spool holds no secret.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GatewayId, type SealKey, sealedBatchText, sealSuffix } from '@hub/contracts'

export interface Sealer {
  readonly key: SealKey
  /** The centre has asked for the key, now or ever: it takes sealed batches. */
  readonly isWanted: boolean
  /** @throws where the disk refuses: then the next start does not know it */
  want(): void
  /** The message that is sent of a stored batch: sealed, once that is wanted. */
  seal(batch: { epoch: number; seq: number; payload: Uint8Array }): Buffer
}

/** @param folder the gateway's data folder */
export function openSealer(folder: string, gateway: GatewayId): Sealer {
  const privateKey = openKey(join(folder, 'seal-key.pem'))
  const key = createPublicKey(privateKey).export({ format: 'jwk' }).x!
  const wantedFile = join(folder, 'seal-wanted')
  // Kept: what is sent before the centre has asked again would be unsigned.
  let isWanted = existsSync(wantedFile)
  return {
    key,
    get isWanted() {
      return isWanted
    },
    want() {
      if (isWanted) return
      isWanted = true
      writeFileSync(wantedFile, '')
    },
    seal({ epoch, seq, payload }) {
      if (!isWanted) return Buffer.from(payload)
      const digest = createHash('sha256').update(payload).digest('hex')
      const text = sealedBatchText({ gateway, epoch, seq }, digest)
      const signature = sign(null, Buffer.from(text), privateKey).toString('base64url')
      return Buffer.concat([payload.subarray(0, -1), Buffer.from(sealSuffix({ key, signature }))])
    },
  }
}

/** PKCS 8, PEM, readable by its owner alone. */
function openKey(path: string): KeyObject {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    // `wx`: of two that begin at once, one is refused.
    writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx', flush: true })
  }
  return createPrivateKey(readFileSync(path))
}
