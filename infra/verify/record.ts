/**
 * Holds a hub's database against the anchor and its packs: for whoever is let at the machine. Reads the file as it is (SQLite), and uses nothing of the hub.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type AnchorLine, checkAnchored, readAnchor } from './anchor.ts'
import { Findings } from './findings.ts'
import { type Pack, verifyPack } from './pack.ts'
import { type All, checkDigests, checkHours, checkRaw, checkSealedBatches, readBatches } from './record-batches.ts'

type SealRow = { seq: number; card: string; fingerprint: string; previous: string | null }

const triggers = [
  'scorecard_locked_no_update',
  'scorecard_locked_no_delete',
  'seal_no_update',
  'seal_no_delete',
  'audit_no_update',
]
/** @param packs folder of the packs, `<fingerprint>.zip` each */
export async function verifyRecord(file: string, packs: string, anchor: string): Promise<Findings> {
  const found = new Findings()
  const lines = readAnchor(anchor, found)
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const all = <T>(sql: string, ...parameters: (string | number)[]) => db.prepare(sql).all(...parameters) as T[]
    const there = new Set(
      all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").map(({ name }) => name),
    )
    for (const name of triggers) if (!there.has(name)) found.fault('record', 'record-trigger-missing', name)
    const batches = await readBatches(found, all)
    await checkDigests(found, batches, all)
    checkRaw(found, batches, all)
    const seals = new Map(
      all<SealRow>('SELECT seq, card, fingerprint, previous FROM seal').map((one) => [one.seq, one]),
    )
    checkSeals(found, seals, lines)
    for (const { id } of all<{ id: string }>("SELECT id FROM scorecard WHERE status = 'locked'"))
      if (![...seals.values()].some(({ card }) => card === id)) found.fault('record', 'record-card-unsealed', id)
    for (const line of lines) {
      const pack = await openPack(found, packs, line)
      if (!pack) continue
      checkAnchored(pack, lines)
      for (const fault of pack.found.faults) found.fault(fault.check, fault.code, fault.about)
      found.count('batches', pack.batches.length + pack.hours.length)
      checkCard(found, pack, seals.get(line.seq), all)
      checkSealedBatches(found, pack, batches)
      checkAdjustments(found, pack, all)
      checkKeys(found, pack, all)
    }
    await checkHours(found, batches)
  } finally {
    db.close()
  }
  return found
}

function checkSeals(found: Findings, seals: ReadonlyMap<number, SealRow>, lines: readonly AnchorLine[]): void {
  const anchored = new Map(lines.map((line) => [line.seq, line]))
  for (const { seq, fingerprint, previous } of lines) {
    const row = seals.get(seq)
    if (!row) found.fault('record', 'record-seal-missing', seq)
    else if (row.fingerprint !== fingerprint || row.previous !== previous)
      found.fault('record', 'record-seal-differs', seq)
  }
  for (const seq of seals.keys()) if (!anchored.has(seq)) found.fault('record', 'record-seal-extra', seq)
}

async function openPack(found: Findings, folder: string, line: AnchorLine): Promise<Pack | undefined> {
  const path = join(folder, `${line.fingerprint}.zip`)
  if (!existsSync(path)) {
    found.fault('record', 'record-pack-missing', `${line.seq} ${line.card}`)
    return undefined
  }
  const pack = await verifyPack(new Uint8Array(readFileSync(path)))
  if (pack.fingerprint !== line.fingerprint) found.fault('record', 'record-pack-differs', `${line.seq} ${line.card}`)
  return pack
}

function checkCard(found: Findings, { files, card }: Pack, seal: SealRow | undefined, all: All): void {
  if (!card) return
  const [row] = all<{ card: string; status: string }>('SELECT card, status FROM scorecard WHERE id = ?', card.id)
  const sealed = Buffer.from(files.get('card.json')!)
  if (!row) found.fault('record', 'record-card-missing', card.id)
  else if (row.status !== 'locked' || !sealed.equals(Buffer.from(row.card)))
    found.fault('record', 'record-card-differs', card.id)
  const audit = all<{ detail: string }>("SELECT detail FROM audit WHERE action = 'scorecard.lock'").map(({ detail }) =>
    JSON.parse(detail),
  )
  const line = audit.find(({ id }) => id === card.id)
  if (seal && line?.fingerprint !== seal.fingerprint) found.fault('record', 'record-audit-missing', card.id)
}

type AdjustmentRow = {
  id: string
  kind: string
  count_as: string
  from_at: number
  to_at: number
  reason: string
  decided_by: string
  scope: string
}

/** One that was withdrawn since is another status, and its audit line says who; its content stays. */
function checkAdjustments(found: Findings, { adjustments }: Pack, all: All): void {
  type Sealed = {
    id: string
    kind: string
    countAs: string
    from: number
    to: number
    reason: string
    scope: unknown
    requestedBy: string
  }
  for (const one of adjustments as Sealed[]) {
    const [row] = all<AdjustmentRow & { requested_by: string }>('SELECT * FROM adjustment WHERE id = ?', one.id)
    const was = [one.kind, one.countAs, one.from, one.to, one.reason, one.requestedBy, JSON.stringify(one.scope)]
    const is = row && [row.kind, row.count_as, row.from_at, row.to_at, row.reason, row.requested_by, row.scope]
    if (JSON.stringify(was) !== JSON.stringify(is)) found.fault('record', 'record-adjustment-differs', one.id)
  }
}

function checkKeys(found: Findings, { keys }: Pack, all: All): void {
  for (const { gateway, key, pinnedAt } of keys) {
    const [row] = all<{ pinned_at: number | null }>(
      'SELECT pinned_at FROM gateway_key WHERE gateway = ? AND key = ?',
      gateway,
      key,
    )
    if (!row || (pinnedAt !== null && row.pinned_at !== pinnedAt))
      found.fault('record', 'record-key-differs', `${gateway} ${key}`)
  }
}
