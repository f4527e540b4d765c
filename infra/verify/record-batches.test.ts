/** What is left of batches in a database, as time goes on: rows, packs of an hour, roots; and batches of which a part was refused. */
import { spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packOldestDigests } from '../../services/ingest/src/digest-packs.ts'
import { createStore } from '../../services/ingest/src/store.ts'
import { batch, deviceId, gateway, look, openCentre, t0 } from '../../services/ingest/src/testing/rig.ts'
import { districtA, monthBegin, type SealedHub, startSealedHub } from '../../services/reports/src/testing/sealed-hub.ts'
import { Findings } from './findings.ts'
import { verifyRecord } from './record.ts'
import { type All, checkDigests, checkRaw, readBatches } from './record-batches.ts'
import { verifyAll } from './report.ts'

const batches = 12
const hour = 3_600_000
/** Of the first so many hours the observations and the digests go. */
const gone = 5
let it: SealedHub
let anchor: string

beforeAll(async () => {
  it = await startSealedHub({ batches })
  // The first pack names batches, as all have done so far.
  await it.lock(districtA)
  const { record } = it.hub
  const store = createStore(record.sqlite)
  const source = { db: record.db, snapshot: record.commit } as never
  for (;;) {
    const made = await packOldestDigests(source, { before: monthBegin + 10 * hour })
    if (!made) break
    await record.commit(() => store.putDigestPacks(made))
  }
  await record.commit(() => {
    record.sqlite.exec(`DELETE FROM batch WHERE received_at < ${monthBegin + (gone + 1) * hour}`)
    store.emptyDigestPacks(monthBegin + (gone + 1) * hour, 500)
  })
  // The second finds some of them as rows, some packed, and of some only the root.
  await it.lock('telecom', 'carrier')
  anchor = readFileSync(it.anchorFile, 'utf8')
  record.sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)')
}, 240_000)
afterAll(() => it.hub.stop())

const faults = async () => (await verifyRecord(it.recordFile, it.packs, anchor)).faults.map(({ code }) => code)
const packOf = (n: number) => join(it.packs, `${JSON.parse(anchor.split('\n')[n]!).fingerprint}.zip`)
const verified = (n: number) => verifyAll(new Uint8Array(readFileSync(packOf(n))), anchor)

test('packs of both kinds verify: one names batches, one that was made later hours where only the root was left', async () => {
  const rows = it.hub.record.sqlite.prepare('SELECT count(*) AS n FROM batch_digest').get() as { n: number }
  expect(rows.n).toBeLessThan(2 * batches - 2 * gone)
  const [first, second] = [await verified(0), await verified(1)]
  for (const { found } of [first, second]) expect(found.faults).toEqual([])
  expect([first.batches.length, first.hours.length]).toEqual([batches, 0])
  expect([second.batches.length, second.hours.length]).toEqual([batches - gone, gone])
  expect(second.predicate?.evidence).toMatchObject({ missing: [], hours: { batches: gone, unsigned: 0 } })
  expect(second.found.notes).toEqual([{ check: 'batches', code: 'hours', about: String(gone) }])
})

test('the database agrees with both of them', async () => {
  expect(await faults()).toEqual([])
})

test('Python finds the same by the document alone', () => {
  const { status, stderr } = spawnSync('python3', [join(import.meta.dirname, 'verify_pack.py'), packOf(1)])
  expect([status, stderr.toString()]).toEqual([0, ''])
})

test.each([
  [
    'the root of an hour that the second pack names',
    'record-hour-differs',
    'UPDATE batch_digest_pack SET root = zeroblob(32) WHERE payload IS NULL',
  ],
  [
    'the root of an hour that the first pack has batch by batch',
    'record-batch-differs',
    'UPDATE batch_digest_pack SET root = zeroblob(32) WHERE payload IS NULL',
  ],
  [
    'a root beside its batches',
    'record-hour-differs',
    'UPDATE batch_digest_pack SET root = zeroblob(32) WHERE payload IS NOT NULL',
  ],
  [
    'an hour',
    'record-batch-missing',
    'DELETE FROM batch_digest_pack WHERE id = (SELECT min(id) FROM batch_digest_pack)',
  ],
  [
    'an hour more',
    'record-batch-extra',
    'INSERT INTO batch_digest_pack SELECT 9999, source, received_from, received_to, first_at, last_at, 1, 1, 900, root, NULL FROM batch_digest_pack LIMIT 1',
  ],
])('who forges or takes away %s is found', async (_, code, sql) => {
  const { sqlite } = it.hub.record
  const before = sqlite.prepare('SELECT * FROM batch_digest_pack').all() as Record<string, never>[]
  sqlite.exec(sql)
  expect(await faults()).toContain(code)
  sqlite.exec('DELETE FROM batch_digest_pack')
  const put = sqlite.prepare('INSERT INTO batch_digest_pack VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  for (const row of before) put.run(...Object.values(row))
})

test('of a batch of which a part was refused what counted is held against what was said', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = publicKey.export({ format: 'jwk' }).x!
  const [camera, unknown] = [deviceId(1), deviceId(2)]
  const centre = await openCentre(':memory:', [camera])
  const all: All = (sql, ...parameters) => centre.record.sqlite.prepare(sql).all(...parameters) as never
  const send = async (seq: number, devices: readonly string[]) => {
    const plain = batch(
      seq,
      devices.map((device, n) => look(device, t0 + seq * 1_000 + n)),
    ).toString()
    const digest = createHash('sha256').update(plain).digest('hex')
    const text = `hengyang-hub batch v1\n${gateway}\n${t0}\n${seq}\n${digest}\n`
    const signature = sign(null, Buffer.from(text), privateKey).toString('base64url')
    await centre.send(Buffer.from(plain.replace(/\}$/, `,"seal":{"key":"${key}","signature":"${signature}"}}`)))
  }
  await send(1, [camera, unknown, camera])
  await send(2, [unknown])
  await send(3, [camera])
  centre.record.sqlite.exec(
    `INSERT INTO gateway_key (gateway, key, state, told_at, pinned_at) VALUES ('${gateway}', '${key}', 'pinned', 1, 1)`,
  )
  const found = async () => {
    const findings = new Findings()
    const record = await readBatches(findings, all)
    await checkDigests(findings, record, all)
    checkRaw(findings, record, all)
    return findings.faults.map(({ code, about }) => `${code} ${about}`)
  }
  expect(all<{ count: number }>('SELECT count FROM batch ORDER BY id').map(({ count }) => count)).toEqual([2, 0, 1])
  expect(await found()).toEqual([])
  const { payload } = all<{ payload: Uint8Array }>('SELECT payload FROM batch WHERE seq = 1')[0]!
  const edit = (from: string | RegExp, to: string) => {
    const text = zstdDecompressSync(payload).toString()
    expect(text).toMatch(from)
    const put = centre.record.sqlite.prepare('UPDATE batch SET payload = ? WHERE seq = 1')
    put.run(zstdCompressSync(text.replace(from, to)))
  }
  for (const [from, to] of [
    // What counted; what was said; both; a part of what counted.
    [/"verdict":"pass"/, '"verdict":"fail"'],
    [/\\"verdict\\":\\"pass\\"/, '\\"verdict\\":\\"fail\\"'],
    [/"said":".*","observations"/, '"observations"'],
  ] as const) {
    edit(from, to)
    expect(await found()).toEqual([`record-raw-differs ${gateway}/${t0}/1`])
  }
  await centre.crash()
})

test('a database of before, in which no digest was ever packed, is read', async () => {
  const db = new DatabaseSync(':memory:')
  db.exec(`CREATE TABLE batch_source (id, gateway, epoch, key);
    CREATE TABLE batch_digest (id, source, seq, first_at, last_at, count, received_at, digest, signature)`)
  const { rows, hours } = await readBatches(new Findings(), (sql) => db.prepare(sql).all() as never)
  expect([rows.size, hours]).toEqual([0, []])
  db.close()
})
