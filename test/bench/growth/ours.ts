/** The production rooms ingest and uptime on a Record on disk, in virtual time: what they leave there, table by table. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DeviceId, sealedBatchText, sealSuffix } from '@hub/contracts'
import { HubConfig, wireDeps } from '@hub/hub'
import { ingestModule } from '@hub/ingest'
import { checkConfig, createMetrics, createSystemClock, type RecordStore, runModules, silentLog } from '@hub/platform'
import { uptimeModule } from '@hub/uptime'
import { openRecord } from '../../../services/hub/src/testing/record.ts'
import { discarding, handOver, register } from '../ingest/ours.ts'
import { createField, type Kind } from './field.ts'

const gateway = '43040500002000000001'
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const key = publicKey.export({ format: 'jwk' }).x as string
const idOf = (n: number): DeviceId => `43040500001320${String(n).padStart(6, '0')}`
/** Midnight of the city. */
const startAt = Date.parse('2026-09-01T00:00:00+08:00')
/** Work goes by timers: how long nothing may have changed until it is done, and how long it may take. */
const calmMs = 3_000
const patienceMs = 600_000

export type Left = {
  observations: number
  batches: number
  /** Bytes in use by table, its indices included: of few devices whole pages would say nothing. */
  bytes: { [table: string]: number }
  rows: { [table: string]: number }
  /** Of packed digests what goes when nobody needs it any more. */
  digestPayload: number
}

/**
 * @param batchMs time that one batch covers
 * @param isDone whether all of these rows that is to be packed is packed
 * @param lasts how long the field says something; the clock then stands `restsMs` later
 */
export async function leave(
  folder: string,
  field: { kind: Kind; devices: number; batchMs: number; lasts: number; restsMs: number },
  isDone: (rows: Left['rows']) => boolean,
): Promise<Left> {
  const { kind, devices: count, batchMs, lasts, restsMs } = field
  const record = await openRecord(join(folder, `${kind}-${count}.db`))
  const ids = Array.from({ length: count }, (_, n) => idOf(n))
  register(
    record,
    { gatewayIds: [gateway], devices: ids.map((id) => ({ id, district: id.slice(0, 6), gateway })) },
    startAt,
  )
  let now = startAt
  const bus = handOver()
  const wired = wireDeps({
    transport: bus,
    record,
    clock: { ...createSystemClock(), now: () => now },
    log: silentLog,
    metrics: createMetrics(),
    history: discarding,
    config: checkConfig(HubConfig, {}),
  })
  await wired.start()
  const running = await runModules([ingestModule, uptimeModule], wired.deps)
  await wired.settle()
  const said = createField(ids, kind, startAt)
  let observations = 0
  let seq = 0
  const send = async (until: number) => {
    const some = said(until)
    if (some.length === 0) return
    observations += some.length
    const text = JSON.stringify({ v: 1, gateway, epoch: startAt, seq: ++seq, observations: some })
    await bus.round([gateway], [sealed(text, seq)])
  }
  for (let until = startAt + batchMs; until <= startAt + lasts; until += batchMs) {
    now = until
    await send(until)
  }
  now += restsMs
  await settled(record, isDone)
  await running.stop()
  await wired.stop()
  record.sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  const left = { observations, batches: seq, ...measured(record) }
  await record.close()
  return left
}

/** As its gateway seals a batch: what signs it and what it signs stay with it. */
function sealed(text: string, seq: number): Buffer {
  const digest = createHash('sha256').update(text).digest('hex')
  const said = sealedBatchText({ gateway, epoch: startAt, seq }, digest)
  const signature = sign(null, Buffer.from(said), privateKey).toString('base64url')
  return Buffer.from(`${text.slice(0, -1)}${sealSuffix({ key, signature })}`)
}

async function settled(record: RecordStore, isDone: (rows: Left['rows']) => boolean): Promise<void> {
  const began = performance.now()
  for (let was = '', since = began; performance.now() - since < calmMs; await sleep(200)) {
    const { rows } = measured(record)
    if (performance.now() - began > patienceMs) throw new Error(`not packed: ${JSON.stringify(rows)}`)
    const is = JSON.stringify(rows)
    if (is !== was || !isDone(rows)) since = performance.now()
    was = is
  }
}

function measured({ sqlite }: RecordStore): Pick<Left, 'bytes' | 'rows' | 'digestPayload'> {
  const names = (
    sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").all() as {
      name: string
    }[]
  ).map(({ name }) => name)
  const count = (table: string) => (sqlite.prepare(`SELECT count(*) AS n FROM "${table}"`).get() as { n: number }).n
  const rows = Object.fromEntries(names.map((name) => [name, count(name)]))
  const sizes = sqlite
    .prepare(
      `SELECT tbl_name AS name, sum(pgsize - unused) AS bytes FROM dbstat JOIN sqlite_schema USING (name) GROUP BY tbl_name`,
    )
    .all() as { name: string; bytes: number }[]
  const payload = sqlite.prepare('SELECT coalesce(sum(length(payload)), 0) AS bytes FROM batch_digest_pack').get()
  const digestPayload = (payload as { bytes: number }).bytes
  return { rows, digestPayload, bytes: Object.fromEntries(sizes.map(({ name, bytes }) => [name, bytes])) }
}
