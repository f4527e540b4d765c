/** The hub's own key, which signs seals. Made at the first start, in the data folder and nowhere else: not in the Record, not in a log. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type HubKey = {
  /** Raw public key, base64url: it names the key as well. */
  id: string
  sign(bytes: Uint8Array): Buffer
  verify(bytes: Uint8Array, signature: Uint8Array): boolean
}

export function openHubKey(data: string): HubKey {
  const privateKey = openKey(data)
  const publicKey = createPublicKey(privateKey)
  return {
    id: publicKey.export({ format: 'jwk' }).x!,
    sign: (bytes) => sign(null, bytes, privateKey),
    verify: (bytes, signature) => verify(null, bytes, publicKey, signature),
  }
}

function openKey(data: string): KeyObject {
  const path = join(data, 'seal-key.pem')
  if (!existsSync(path)) {
    mkdirSync(data, { recursive: true, mode: 0o700 })
    const { privateKey } = generateKeyPairSync('ed25519')
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' })
    try {
      writeFileSync(path, pem, { mode: 0o600, flag: 'wx', flush: true })
    } catch (err) {
      // Another process of this hub was quicker: its key is the one.
      if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err
    }
  }
  return createPrivateKey(readFileSync(path))
}
