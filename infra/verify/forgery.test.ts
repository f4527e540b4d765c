/**
 * Forty attacks by somebody who may do everything on the hub's machine: he writes the database past its triggers, the files of the packs and the hub's own
 * key. What he has not: the anchor, and the keys of the gateways. Each must be found, and named for what it is. By seed: the same each time.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cameraA, gatewayA } from '../../services/hub/src/testing/hub.ts'
import { openSink } from '../../services/reports/src/format/sink.ts'
import { createZip } from '../../services/reports/src/format/zip.ts'
import { districtA, districtB, monthBegin, startSealedHub } from '../../services/reports/src/testing/sealed-hub.ts'
import { verifyRecord } from './record.ts'
import { verifyAll } from './report.ts'
import { knownCodes } from './words.ts'
import { readZip } from './zip.ts'

const hour = 3_600_000
const root = mkdtempSync(join(tmpdir(), 'forgery-'))
const sealed = join(root, 'sealed')
/** The file as it was before the last lock. */
const older = join(root, 'older.db')
let anchor: string

beforeAll(async () => {
  const it = await startSealedHub({ batches: 12 })
  const { hub } = it
  const request = {
    kind: 'exemption',
    countAs: 'exempt',
    scope: { by: 'devices', values: [cameraA] },
    from: monthBegin + 200 * hour,
    to: monthBegin + 210 * hour,
    reason: '停电',
    applicant: '供电所',
  }
  const { json } = await hub.ask('oper', 'requestAdjustment', { body: request })
  await hub.ask('sys', 'decideAdjustment', { params: { id: json.id }, body: { decision: 'approve' } })
  await it.lock(districtA)
  await it.lock(districtB)
  const dump = () => hub.record.sqlite.exec(`VACUUM INTO '${older}'`)
  dump()
  const last = await it.lock('telecom', 'carrier')
  expect(last.status).toBe(200)
  anchor = readFileSync(it.anchorFile, 'utf8')
  hub.record.sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  cpSync(hub.data, sealed, { recursive: true })
  await hub.stop()
}, 240_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Numerical Recipes' generator. */
function seeded(seed: number): (below: number) => number {
  let x = seed
  return (below) => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((x / 2 ** 32) * below)
  }
}

/** Of any table: the columns that attacks use. `id` of a card is a text. */
type Row = {
  id: number
  seq: number
  card: string
  fingerprint: string
  payload: Uint8Array
  epoch: number
  subject_kind: string
}
type Machine = {
  folder: string
  db: DatabaseSync
  /** Below so many. */
  any(below: number): number
  one(sql: string): Row
}
type Attack = { name: string; run(at: Machine): Promise<void> | void; named: string; keepsTriggers?: boolean }

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const rawKey = (key: KeyObject) => createPublicKey(key).export({ format: 'jwk' }).x!
const ownKey = () => generateKeyPairSync('ed25519').privateKey
const hubKey = ({ folder }: Machine) => createPrivateKey(readFileSync(join(folder, 'seal-key.pem')))
const anyOf = ({ any, db }: Machine, table: string): Row => {
  const rows = db.prepare(`SELECT * FROM ${table}`).all() as Row[]
  return rows[any(rows.length)]!
}
const withScore = (text: string) => JSON.stringify({ ...JSON.parse(text), score: 99, pay: 'full' })

/** A pack made anew: other files, other words in its statement, signed by whoever. @returns its fingerprint */
async function reseal(
  at: Machine,
  seal: { seq: number; fingerprint: string },
  change: { files?: Record<string, (text: string) => string>; predicate?: object; key?: KeyObject },
): Promise<string> {
  const { files = {}, predicate = {}, key = hubKey(at) } = change
  const old = join(at.folder, 'packs', `${seal.fingerprint}.zip`)
  const packed = await readZip(new Uint8Array(readFileSync(old)))
  const texts = new Map([...packed].map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]))
  for (const [name, edit] of Object.entries(files)) texts.set(name, edit(texts.get(name)!))
  const envelope = JSON.parse(texts.get('seal.json')!)
  const statement = JSON.parse(Buffer.from(envelope.payload, 'base64').toString())
  Object.assign(statement.predicate, { hub: rawKey(key), ...predicate })
  for (const one of statement.subject) one.digest.sha256 = sha256(texts.get(one.name)!)
  const payload = Buffer.from(JSON.stringify(statement))
  const head = `DSSEv1 ${envelope.payloadType.length} ${envelope.payloadType} ${payload.length} `
  const sig = sign(null, Buffer.concat([Buffer.from(head), payload]), key).toString('base64')
  texts.set(
    'seal.json',
    JSON.stringify({ ...envelope, payload: payload.toString('base64'), signatures: [{ keyid: rawKey(key), sig }] }),
  )
  const fingerprint = sha256(payload)
  const sink = openSink(join(at.folder, 'packs', `${fingerprint}.zip`))
  const zip = createZip(sink)
  for (const [name, text] of texts) {
    zip.entry(name)
    zip.write(text)
  }
  zip.end()
  sink.close()
  rmSync(old)
  const sealText = texts.get('seal.json')!
  at.db.prepare('UPDATE seal SET fingerprint = ?, envelope = ? WHERE seq = ?').run(fingerprint, sealText, seal.seq)
  at.db.exec(`UPDATE audit SET detail = replace(detail, '${seal.fingerprint}', '${fingerprint}')`)
  return fingerprint
}

function signBatch(key: KeyObject, row: { gateway: string; epoch: number; seq: number }, digest: string): Buffer {
  return sign(null, Buffer.from(`hengyang-hub batch v1\n${row.gateway}\n${row.epoch}\n${row.seq}\n${digest}\n`), key)
}

/** An observation that no gateway has made, as a batch of its next number. */
function insertForged(at: Machine, key: KeyObject | undefined): void {
  const { db, any } = at
  const source = db.prepare('SELECT * FROM batch_source WHERE gateway = ? ORDER BY id').get(gatewayA) as Row
  const { seq, id } = at.one(
    `SELECT max(seq) + 1 AS seq, (SELECT max(id) + 1 FROM batch_digest) AS id FROM batch_digest WHERE source = ${source.id}`,
  )
  const time = monthBegin + (300 + any(300)) * hour
  const observation = { device: cameraA, at: time, kind: 'probe', verdict: 'pass', rung: 'decodes', every: 30_000 }
  const plain = JSON.stringify({ v: 1, gateway: gatewayA, epoch: source.epoch, seq, observations: [observation] })
  const digest = sha256(plain)
  const signature = key && signBatch(key, { gateway: gatewayA, epoch: source.epoch, seq }, digest)
  const suffix = key && `,"seal":{"key":"${rawKey(key)}","signature":"${signature!.toString('base64url')}"}}`
  const message = suffix ? plain.slice(0, -1) + suffix : plain
  db.prepare('INSERT OR IGNORE INTO batch_source (gateway, epoch, key) VALUES (?, ?, ?)').run(
    gatewayA,
    source.epoch,
    key ? rawKey(key) : '',
  )
  const own = db
    .prepare('SELECT id FROM batch_source WHERE gateway = ? AND key = ?')
    .get(gatewayA, key ? rawKey(key) : '') as { id: number }
  db.prepare('INSERT INTO batch_digest VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?)').run(
    id,
    own.id,
    seq,
    time,
    time,
    time + 500,
    Buffer.from(digest, 'hex'),
    signature ?? null,
  )
  db.prepare('INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)').run(
    id,
    gatewayA,
    source.epoch,
    seq,
    time,
    time,
    time + 500,
    zstdCompressSync(message),
  )
}

const pin = (db: DatabaseSync, gateway: string, key: KeyObject) => {
  db.prepare("UPDATE gateway_key SET key = ? WHERE gateway = ? AND state = 'pinned'").run(rawKey(key), gateway)
}

/** Turns a verdict round in the bytes that are kept. @returns the message, and its batch bytes */
function editObservations(payload: Uint8Array): { message: Buffer; plain: string } {
  const text = zstdDecompressSync(payload).toString().replace('"verdict":"pass"', '"verdict":"fail"')
  return { message: Buffer.from(text), plain: `${text.slice(0, text.lastIndexOf(',"seal"'))}}` }
}

const attacks: Attack[] = [
  {
    name: 'gives a card other points and makes its hash again',
    named: 'record-card-differs',
    run(at) {
      const { id, card } = anyOf(at, "scorecard WHERE status = 'locked'")
      at.db.prepare('UPDATE scorecard SET card = ?, hash = ? WHERE id = ?').run(withScore(card), sha256(card), id)
    },
  },
  {
    name: 'drops the triggers and comes back later',
    named: 'record-trigger-missing',
    keepsTriggers: false,
    run() {},
  },
  {
    name: 'takes a locked card away, with its seal',
    named: 'record-seal-missing',
    run(at) {
      const { seq, card } = anyOf(at, 'seal')
      at.db.exec(`DELETE FROM seal WHERE seq = ${seq}; DELETE FROM scorecard WHERE id = '${card}'`)
    },
  },
  {
    name: 'takes a locked card away and leaves its seal',
    named: 'record-card-missing',
    run: (at) => at.db.exec(`DELETE FROM scorecard WHERE id = '${anyOf(at, 'seal').card}'`),
  },
  {
    name: 'puts a locked card in that nobody has locked',
    named: 'record-card-unsealed',
    run(at) {
      const { card, subject_kind } = anyOf(at, "scorecard WHERE status = 'locked'")
      const more = `('made-up', '2026-11', '${subject_kind}', '430481', 1, 'locked', ?, 'x')`
      at.db.prepare(`INSERT INTO scorecard VALUES ${more}`).run(withScore(card))
    },
  },
  {
    name: 'seals a better card anew with the key of the hub, in every place where the old one was',
    named: 'record-seal-differs',
    async run(at) {
      const seal = anyOf(at, 'seal')
      await reseal(at, seal, { files: { 'card.json': withScore } })
      const { card } = at.one(`SELECT card FROM scorecard WHERE id = '${seal.card}'`)
      at.db.prepare('UPDATE scorecard SET card = ? WHERE id = ?').run(withScore(card), seal.card)
    },
  },
  {
    name: 'seals everything anew with a key of his own',
    named: 'record-seal-differs',
    async run(at) {
      const key = ownKey()
      for (const seal of at.db.prepare('SELECT * FROM seal ORDER BY seq').all() as Row[])
        await reseal(at, seal, { key })
    },
  },
  {
    name: 'takes the first seal out and chains the others anew',
    named: 'record-seal-missing',
    async run(at) {
      const [first, ...rest] = at.db.prepare('SELECT * FROM seal ORDER BY seq').all() as Row[]
      at.db.exec(`DELETE FROM seal WHERE seq = ${first!.seq}`)
      let previous: string | null = null
      for (const { seq, ...seal } of rest) {
        at.db.prepare('UPDATE seal SET seq = ?, previous = ? WHERE seq = ?').run(seq - 1, previous, seq)
        previous = await reseal(at, { ...seal, seq: seq - 1 } as never, { predicate: { seq: seq - 1, previous } })
      }
    },
  },
  {
    name: 'rolls the file back to before the last lock',
    named: 'record-seal-missing',
    run(at) {
      at.db.close()
      for (const name of readdirSync(at.folder)) if (name.startsWith('record.db-')) rmSync(join(at.folder, name))
      cpSync(older, join(at.folder, 'record.db'))
      at.db = new DatabaseSync(join(at.folder, 'record.db'))
    },
  },
  {
    name: 'edits an observation where it is kept',
    named: 'record-raw-differs',
    run(at) {
      const { id, payload } = anyOf(at, 'batch')
      at.db
        .prepare('UPDATE batch SET payload = ? WHERE id = ?')
        .run(zstdCompressSync(editObservations(payload).message), id)
    },
  },
  {
    name: 'edits an observation, and its digest with it',
    named: 'record-batch-signature',
    run(at) {
      const { id, payload } = anyOf(at, 'batch')
      const { message, plain } = editObservations(payload)
      at.db.prepare('UPDATE batch SET payload = ? WHERE id = ?').run(zstdCompressSync(message), id)
      at.db.prepare('UPDATE batch_digest SET digest = ? WHERE id = ?').run(Buffer.from(sha256(plain), 'hex'), id)
    },
  },
  {
    name: 'forges an observation, signed with a key of his own',
    named: 'record-batch-key',
    run: (at) => insertForged(at, ownKey()),
  },
  {
    name: 'forges an observation, and makes the gateway’s key his own',
    named: 'record-key-differs',
    run(at) {
      const key = ownKey()
      pin(at.db, gatewayA, key)
      insertForged(at, key)
    },
  },
  {
    name: 'forges an observation as of a gateway that does not sign',
    named: 'record-batch-extra',
    run: (at) => insertForged(at, undefined),
  },
  {
    name: 'puts an observation in that has no digest',
    named: 'record-batch-undigested',
    run(at) {
      const { payload, epoch } = anyOf(at, 'batch')
      at.db.prepare('INSERT INTO batch VALUES (9999, ?, ?, 9999, 1, 1, 1, 1, ?)').run(gatewayA, epoch, payload)
    },
  },
  {
    name: 'takes a batch away that speaks against him',
    named: 'record-batch-missing',
    run(at) {
      const { id } = anyOf(at, 'batch')
      at.db.exec(`DELETE FROM batch WHERE id = ${id}; DELETE FROM batch_digest WHERE id = ${id}`)
    },
  },
  {
    name: 'moves a batch to another time',
    named: 'record-batch-differs',
    run: (at) =>
      at.db.exec(`UPDATE batch_digest SET received_at = received_at - 1000 WHERE id = ${anyOf(at, 'batch_digest').id}`),
  },
  {
    name: 'gives a batch another number',
    named: 'record-batch-signature',
    run: (at) => at.db.exec(`UPDATE batch_digest SET seq = seq + 5000 WHERE id = ${anyOf(at, 'batch_digest').id}`),
  },
  {
    name: 'makes an approved exemption longer',
    named: 'record-adjustment-differs',
    run: (at) => at.db.exec(`UPDATE adjustment SET to_at = to_at + ${1 + at.any(100) * hour}`),
  },
  {
    name: 'takes an exemption away',
    named: 'record-adjustment-differs',
    run: (at) => at.db.exec('DELETE FROM adjustment'),
  },
  {
    name: 'gives the exemption another author',
    named: 'record-adjustment-differs',
    run: (at) => at.db.exec("UPDATE adjustment SET requested_by = 'nobody'"),
  },
  {
    name: 'takes the audit line of a lock away',
    named: 'record-audit-missing',
    run: (at) => at.db.exec(`DELETE FROM audit WHERE detail LIKE '%${anyOf(at, 'seal').fingerprint}%'`),
  },
  {
    name: 'swaps the keys of the gateways',
    named: 'record-batch-key',
    run(at) {
      for (const gateway of [gatewayA, '43042600002000000002']) pin(at.db, gateway, ownKey())
    },
  },
  {
    name: 'adds a seal of which nobody was told',
    named: 'record-seal-extra',
    run: (at) =>
      at.db.exec(
        "INSERT INTO seal SELECT max(seq) + 1, 'made-up', 'made-up', fingerprint, envelope, keys, sealed_at FROM seal",
      ),
  },
  {
    name: 'exchanges a file in a pack',
    named: 'file-changed',
    async run(at) {
      const { fingerprint } = anyOf(at, 'seal')
      await rezip(at, fingerprint, (name, text) =>
        name === 'devices.json' ? text.replace(/"down":\d+/, '"down":0') : text,
      )
    },
  },
  {
    name: 'leaves batches out of a pack, and seals it anew',
    named: 'record-pack-missing',
    async run(at) {
      const seal = anyOf(at, 'seal')
      const lines = (text: string) => text.split('\n')
      const cut = (text: string) =>
        lines(text)
          .toSpliced(2 + at.any(3), 1)
          .join('\n')
      await reseal(at, seal, { files: { 'batches.tsv': cut } })
    },
  },
  {
    name: 'puts a pack that he sealed anew under the name of the old one',
    named: 'record-pack-differs',
    async run(at) {
      const seal = anyOf(at, 'seal')
      const fresh = await reseal(at, seal, { files: { 'card.json': withScore } })
      cpSync(join(at.folder, 'packs', `${fresh}.zip`), join(at.folder, 'packs', `${seal.fingerprint}.zip`))
    },
  },
  {
    name: 'takes a pack away',
    named: 'record-pack-missing',
    run: (at) => rmSync(join(at.folder, 'packs', `${anyOf(at, 'seal').fingerprint}.zip`)),
  },
  {
    name: 'cuts a pack short',
    named: 'zip-unreadable',
    run(at) {
      const path = join(at.folder, 'packs', `${anyOf(at, 'seal').fingerprint}.zip`)
      writeFileSync(path, readFileSync(path).subarray(0, 200 + at.any(300)))
    },
  },
  {
    name: 'puts a file into a pack',
    named: 'file-extra',
    run: (at) => rezip(at, anyOf(at, 'seal').fingerprint, (_, text) => text, { 'note.txt': 'x' }),
  },
]

async function rezip(
  { folder }: Machine,
  fingerprint: string,
  edit: (name: string, text: string) => string,
  more: Record<string, string> = {},
) {
  const path = join(folder, 'packs', `${fingerprint}.zip`)
  const files = await readZip(new Uint8Array(readFileSync(path)))
  const sink = openSink(path)
  const zip = createZip(sink)
  const texts = [...files].map(([name, bytes]) => [name, edit(name, new TextDecoder().decode(bytes))] as const)
  for (const [name, text] of [...texts, ...Object.entries(more)]) {
    zip.entry(name)
    zip.write(text)
  }
  zip.end()
  sink.close()
}

/** A copy of the machine for one attack. Triggers are dropped for it, and put back after, unless he forgets. */
async function attacked(seed: number, { run, keepsTriggers = true }: Attack): Promise<string> {
  const folder = join(root, String(seed))
  cpSync(sealed, folder, { recursive: true })
  const at: Machine = {
    folder,
    db: new DatabaseSync(join(folder, 'record.db')),
    any: seeded(seed),
    one: (sql) => at.db.prepare(sql).get() as Row,
  }
  const triggers = at.db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
    name: string
    sql: string
  }[]
  for (const { name } of triggers) at.db.exec(`DROP TRIGGER ${name}`)
  const before = at.db
  await run(at)
  if (keepsTriggers && at.db === before) for (const { sql } of triggers) at.db.exec(sql)
  at.db.close()
  return folder
}

const verified = (folder: string) => verifyRecord(join(folder, 'record.db'), join(folder, 'packs'), anchor)

test('nothing is found where nobody has touched anything', async () => {
  const { faults, notes, looked } = await verified(sealed)
  expect([faults, notes]).toEqual([[], []])
  expect(looked.get('anchor')).toBe(3)
  expect(looked.get('batches')).toBe(3 * 12)
})

test.each(Array.from({ length: 40 }, (_, n) => ({ seed: n + 1, attack: attacks[n % attacks.length]! })))(
  'attack $seed is found: who $attack.name',
  async ({ seed, attack }) => {
    const folder = await attacked(seed, attack)
    const { faults } = await verified(folder)
    rmSync(folder, { recursive: true })
    expect(faults.map(({ code }) => code)).toContain(attack.named)
    for (const { code } of faults) expect(knownCodes).toContain(code)
  },
)

test('a pack that was sealed anew with the hub’s own key is found by the anchor alone, without the machine', async () => {
  const folder = await attacked(99, {
    name: '',
    named: '',
    async run(at) {
      await reseal(at, anyOf(at, 'seal WHERE seq = 2'), { files: { 'card.json': withScore } })
    },
  })
  const { fingerprint } = JSON.parse(anchor.split('\n')[1]!)
  const [fresh] = readdirSync(join(folder, 'packs')).filter((name) => !anchor.includes(name.slice(0, 64)))
  const { found } = await verifyAll(new Uint8Array(readFileSync(join(folder, 'packs', fresh!))), anchor)
  expect(found.faults).toContainEqual({ check: 'anchor', code: 'anchor-other', about: `2: ${fingerprint}` })
  // Without the anchor only that the points do not follow from the deductions.
  const alone = await verifyAll(new Uint8Array(readFileSync(join(folder, 'packs', fresh!))), undefined)
  expect(alone.found.faults.map(({ check }) => check)).not.toContain('anchor')
})

test('what was forged before the lock is in the pack, and named there', async () => {
  const it = await startSealedHub({ batches: 6 })
  await it.lock(districtA)
  const at: Machine = {
    folder: it.hub.data,
    db: it.hub.record.sqlite,
    any: seeded(7),
    one: (sql) => it.hub.record.sqlite.prepare(sql).get() as Row,
  }
  const key = ownKey()
  pin(at.db, gatewayA, key)
  insertForged(at, key)
  await it.lock('telecom', 'carrier')
  const told = readFileSync(it.anchorFile, 'utf8')
  const { fingerprint } = JSON.parse(told.trim().split('\n')[1]!)
  const { found } = await verifyAll(new Uint8Array(readFileSync(join(it.packs, `${fingerprint}.zip`))), told)
  expect(found.faults.map(({ code }) => code)).toEqual(expect.arrayContaining(['key-unknown', 'gateway-key-other']))
  await it.hub.stop()
}, 120_000)
