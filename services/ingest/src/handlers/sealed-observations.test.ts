/** What stands beside observations so that nobody need believe them: their batches, what the gateway signed of each, and the keys that were pinned. */
import { createPublicKey, verify } from 'node:crypto'
import type { DeviceObservations } from '@hub/contracts'
import { keyStanding, signedText } from '@hub/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cameraA, gatewayA } from '../../../hub/src/testing/hub.ts'
import { monthBegin, type SealedHub, startSealedHub } from '../../../reports/src/testing/sealed-hub.ts'
import { packOldest, packOldestDigests } from '../pack-queries.ts'

const hour = 3_600_000
let it: SealedHub
beforeAll(async () => {
  it = await startSealedHub({ batches: 8 })
})
afterAll(() => it.hub.stop())

const ask = async (from: number, to: number): Promise<DeviceObservations> => {
  const query = `?from=${monthBegin + from * hour}&to=${monthBegin + to * hour}`
  return (await it.hub.ask('oper', 'observations', { params: { id: cameraA }, query })).json
}
/** By nothing of ours. */
const isSigned = (batch: DeviceObservations['batches'][number]) =>
  verify(
    null,
    Buffer.from(signedText(batch)),
    createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: batch.key! }, format: 'jwk' }),
    Buffer.from(batch.signature!, 'base64url'),
  )

function expectSealed({ observations, batches, keys }: DeviceObservations): void {
  expect(observations.map(({ at }) => (at - monthBegin) / hour)).toEqual([2, 3, 4])
  expect(batches.map(({ gateway, seq }) => [gateway, seq])).toEqual([2, 3, 4].map((seq) => [gatewayA, seq]))
  expect(batches.every(isSigned)).toBe(true)
  expect(keys).toEqual([
    { gateway: gatewayA, key: it.sealers[gatewayA]!.key, pinnedAt: monthBegin - hour, retiredAt: null },
  ])
  expect(batches.map((batch) => keyStanding(batch, keys))).toEqual(['pinned', 'pinned', 'pinned'])
}

test('each observation has its batch, which the key that was pinned has signed', async () =>
  expectSealed(await ask(2, 5)))

test('it is the same when batches and digests have been packed', async () => {
  const { hub, store } = it
  const before = await ask(2, 5)
  const source = { db: hub.record.db, snapshot: hub.record.commit } as never
  for (;;) {
    const made = await packOldest(source, { before: Number.MAX_SAFE_INTEGER, upTo: store.newestBatch() })
    if (!made) break
    await hub.record.commit(() => store.putBatchPack(made.pack, made.ids))
  }
  for (;;) {
    const made = await packOldestDigests(source, { before: Number.MAX_SAFE_INTEGER })
    if (!made) break
    await hub.record.commit(() => store.putDigestPacks(made))
  }
  const rows = hub.record.sqlite.prepare('SELECT count(*) AS n FROM batch_digest').get() as { n: number }
  expect(rows.n).toBe(0)
  const after = await ask(2, 5)
  expectSealed(after)
  expect(after.batches).toEqual(before.batches)
})

test('a batch whose digest has gone is not shown: there is nothing to check', async () => {
  it.hub.record.sqlite.exec('UPDATE batch_digest_pack SET payload = NULL')
  const { observations, batches, keys } = await ask(2, 5)
  expect([observations.length, batches, keys]).toEqual([3, [], []])
})
