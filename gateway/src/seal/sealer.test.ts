import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ObservationBatch } from '@hub/contracts'
import { expect, test } from 'vitest'
import { gateway, probe, scratchFolder } from '../spool/fixtures.ts'
import { encode, pack } from '../spool/pack.ts'
import { openSealer } from './sealer.ts'

const stored = { epoch: 1, ...pack({ gateway, epoch: 1, seq: 7 }, [encode(probe(5)), encode(probe(6))]) }

test('a batch goes out as it was stored until the centre asks for the key, and sealed ever after, also over a restart', () => {
  const folder = scratchFolder()
  const sealer = openSealer(folder, gateway)
  expect(sealer.seal(stored).equals(stored.payload)).toBe(true)
  sealer.want()
  const sealed = sealer.seal(stored)
  expect(sealed.length).toBeGreaterThan(stored.payload.length)
  const again = openSealer(folder, gateway)
  expect(again.key).toBe(sealer.key)
  // The same name has the same bytes for ever.
  expect(again.seal(stored).equals(sealed)).toBe(true)
})

test('what is signed is the name and the digest of the batch bytes, checked here by nothing of ours', () => {
  const sealer = openSealer(scratchFolder(), gateway)
  sealer.want()
  const sealed = sealer.seal(stored)
  const { seal, ...batch } = ObservationBatch.parse(JSON.parse(sealed.toString()))
  expect(JSON.stringify(batch)).toBe(stored.payload.toString())
  const digest = createHash('sha256').update(stored.payload).digest('hex')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: sealer.key }, format: 'jwk' })
  const text = `hengyang-hub batch v1\n${gateway}\n1\n7\n${digest}\n`
  expect(verify(null, Buffer.from(text), key, Buffer.from(seal!.signature, 'base64url'))).toBe(true)
})

test('the key is for its owner alone, and another gateway has another one', () => {
  const folder = scratchFolder()
  const { key } = openSealer(folder, gateway)
  expect(statSync(join(folder, 'seal-key.pem')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(folder, 'seal-key.pem'), 'utf8')).toContain('BEGIN PRIVATE KEY')
  expect(openSealer(scratchFolder(), gateway).key).not.toBe(key)
})
