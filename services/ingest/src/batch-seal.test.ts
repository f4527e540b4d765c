/** Sealed batches: sealed here as contracts document it, by nothing that the gateway or the centre uses. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { batchBytes } from './batch-seal.ts'
import { batch, type Centre, deviceId, gateway, look, openCentre, t0 } from './testing/rig.ts'

const camera = deviceId(1)
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const key = publicKey.export({ format: 'jwk' }).x!

function seal(plain: Buffer, seq: number): Buffer {
  const digest = createHash('sha256').update(plain).digest('hex')
  const text = `hengyang-hub batch v1\n${gateway}\n${t0}\n${seq}\n${digest}\n`
  const signature = sign(null, Buffer.from(text), privateKey).toString('base64url')
  return Buffer.from(plain.toString().replace(/\}$/, `,"seal":{"key":"${key}","signature":"${signature}"}}`))
}
const plain = (seq: number, at = t0 + seq * 1_000) => batch(seq, [look(camera, at)])

let centre: Centre
beforeEach(async () => {
  centre = await openCentre(':memory:', [camera])
})
afterEach(() => centre.crash())

const digests = () =>
  centre.record.sqlite
    .prepare(
      `SELECT gateway, epoch, seq, key, hex(digest) AS digest, length(signature) AS signed, count
       FROM batch_digest JOIN batch_source ON batch_source.id = source ORDER BY batch_digest.id`,
    )
    .all()
const hex = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex').toUpperCase()

test('of a batch its digest, its key and its signature stay, also when the batch itself is gone', async () => {
  expect(await centre.send(seal(plain(1), 1), seal(plain(2), 2))).toHaveLength(2)
  centre.record.sqlite.exec('DELETE FROM batch')
  const row = { gateway, epoch: t0, key, signed: 64, count: 1 }
  expect(digests()).toEqual([
    { ...row, seq: 1, digest: hex(plain(1)) },
    { ...row, seq: 2, digest: hex(plain(2)) },
  ])
})

test('a batch that was changed on the way is no batch of its gateway: told of, not acknowledged, and the true one is still taken', async () => {
  const forged = Buffer.from(seal(plain(1), 1).toString().replace('"pass"', '"fail"'))
  expect(await centre.send(forged)).toEqual([])
  expect(centre.deadLetters().map(({ reason }) => reason)).toEqual([
    expect.stringContaining('seal: is not of these bytes'),
  ])
  expect(digests()).toEqual([])
  expect(await centre.send(seal(plain(1), 1))).toMatchObject([{ seq: 1 }])
  expect(digests()).toHaveLength(1)
})

test.each([
  [
    'of another batch',
    () =>
      Buffer.from(
        seal(plain(1, t0 + 2_000), 1)
          .toString()
          .replace('"seq":1', '"seq":2'),
      ),
  ],
  [
    'that does not stand at the end',
    () =>
      Buffer.from(
        `{"seal":${seal(plain(1), 1).toString().split('"seal":')[1]!.slice(0, -1)},${plain(1).toString().slice(1)}`,
      ),
  ],
])('a seal %s is none', async (_, forged) => {
  expect(await centre.send(forged())).toEqual([])
  expect(centre.deadLetters()).toHaveLength(1)
})

test('a gateway of before is taken, and its batches are named unsigned', async () => {
  expect(await centre.send(plain(1))).toHaveLength(1)
  expect(digests()).toMatchObject([{ key: '', signed: null, digest: hex(plain(1)) }])
  expect(await centre.metrics.text()).toContain('hub_ingest_unsigned_batches_total 1')
})

test('where the policy refuses unsigned batches they are dead letters, and acknowledged', async () => {
  await centre.crash()
  centre = await openCentre(':memory:', [camera], { unsigned: 'refused' })
  expect(await centre.send(plain(1), seal(plain(2), 2))).toHaveLength(2)
  expect(centre.deadLetters()).toMatchObject([{ reason: expect.stringContaining('seal: is missing') }])
  expect(centre.intervals(camera)).toMatchObject([{ from: t0 + 2_000 }])
})

test('the golden example is sealed with the key of RFC 8032 7.1, test 1', async () => {
  const golden = readFileSync(new URL('../../contracts/examples/observations/raw-sealed.bin', import.meta.url))
  expect(await centre.send(golden)).toMatchObject([{ seq: 7 }])
})

test('the bytes that are packed are those that the digest is of, without the seal', () => {
  expect(batchBytes(seal(plain(1), 1))).toEqual(plain(1))
  expect(batchBytes(plain(1))).toEqual(plain(1))
  expect(batchBytes(Buffer.from('{}'))).toEqual(Buffer.from('{}'))
})
