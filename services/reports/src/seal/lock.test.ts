/** Locked cards through the API: what is written, what the API says of a card that was changed in the file, and what others verify. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sealedText } from '@hub/core'
import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { verifyAll } from '../../../../infra/verify/report.ts'
import { cameraA } from '../../../hub/src/testing/hub.ts'
import { stateAnew } from '../../../registry/src/restate.ts'
import type { RegistryData } from '../../../registry/src/tables.ts'
import { districtA, districtB, monthBegin, type SealedHub, startSealedHub } from '../testing/sealed-hub.ts'

let it: SealedHub
beforeEach(async () => {
  it = await startSealedHub()
})
afterEach(() => it.hub.stop())

const anchor = () => readFileSync(it.anchorFile, 'utf8')
const anchored = () =>
  anchor()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const bytesOf = (fingerprint: string) => new Uint8Array(readFileSync(join(it.packs, `${fingerprint}.zip`)))

test('a lock writes a pack that verifies by itself, chained to the one before and told to the anchor', async () => {
  const first = await it.lock(districtA)
  expect(first.status).toBe(200)
  const second = await it.lock('telecom', 'carrier')
  expect(second.status).toBe(200)
  const lines = anchored()
  expect(lines.map(({ seq, card }) => [seq, card])).toEqual([
    [1, `2026-12 district ${districtA} 1`],
    [2, '2026-12 carrier telecom 1'],
  ])
  expect(lines[1].previous).toBe(lines[0].fingerprint)
  for (const { fingerprint } of lines) {
    const pack = await verifyAll(bytesOf(fingerprint), anchor())
    expect(pack.found.faults).toEqual([])
    expect(pack.found.notes).toEqual([])
    expect(pack.fingerprint).toBe(fingerprint)
    expect(pack.batches).toHaveLength(40)
  }
  const history = await it.history(first.json.id)
  expect(history.whole).toBe(true)
  expect(history.seals).toMatchObject([
    { version: 1, seq: 1, fingerprint: lines[0].fingerprint, evidence: { batches: 40, unsigned: 0, missing: 0 } },
  ])
})

test('a device that was of another carrier for some days of the month is sealed without them, and the pack verifies', async () => {
  const [from, to] = [monthBegin + 10 * 86_400_000, monthBegin + 13 * 86_400_000]
  const said = { device: cameraA, from, to, change: { carrier: 'mobile' as const }, adjustment: 'a', holds: true }
  await tablesOf<RegistryData>(it.hub.record).transaction((trx) =>
    stateAnew(trx, { ...said, user: 'oper', now: it.hub.clock.now() }, it.hub.deps.audit),
  )
  expect((await it.lock('telecom', 'carrier')).status).toBe(200)
  const pack = await verifyAll(bytesOf(anchored()[0].fingerprint), anchor())
  expect(pack.found.faults).toEqual([])
  expect(pack.devices).toMatchObject([{ id: cameraA, dueTo: null, notDue: [{ from, to }] }])
})

test('the pack is for whoever may see the card, and its download is audited', async () => {
  const { json } = await it.lock(districtA)
  const asked = (user: string) => it.hub.ask(user, 'scorecardPack', { params: { id: json.id } })
  expect((await asked('oper-b')).json.code).toBe('scorecard.unknown')
  expect((await asked('oper-a')).status).toBe(200)
  const audited = it.hub.record.sqlite.prepare("SELECT actor, subject FROM audit WHERE action = 'scorecard.pack'").all()
  expect(audited).toEqual([{ actor: 'oper-a', subject: json.id }])
  const { json: made } = await it.make('carrier')
  const none = await it.hub.ask('sys', 'scorecardPack', { params: { id: made.cards[0].id } })
  expect([none.status, none.json.code]).toEqual([404, 'seal.none'])
})

test('the key of the hub is for its owner alone, and is in no log and no answer', async () => {
  await it.lock(districtA)
  const path = join(it.hub.data, 'seal-key.pem')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const secret = readFileSync(path, 'utf8').split('\n')[1]!
  expect([...it.hub.lines, ...it.hub.answers].join('\n')).not.toContain(secret)
})

test('figures that have moved since the card was made are not sealed', async () => {
  const { json } = await it.make()
  const { id } = json.cards.find((one: { subject: { key: string } }) => one.subject.key === districtB)
  await it.step('oper', id, 'review')
  it.hub.record.sqlite.exec("UPDATE interval SET state = 'up' WHERE state = 'down'")
  const refused = await it.step('sys', id, 'lock')
  expect([refused.status, refused.json.code]).toEqual([409, 'scorecard.stale'])
  expect([existsSync(it.anchorFile), existsSync(it.packs)]).toEqual([false, false])
})

/** What was measured in the issue: triggers dropped, 100 points, the hash made again. */
function forgeCard(id: string) {
  const { sqlite } = it.hub.record
  sqlite.exec('DROP TRIGGER scorecard_locked_no_update')
  const { card } = sqlite.prepare('SELECT card FROM scorecard WHERE id = ?').get(id) as { card: string }
  const forged = { ...JSON.parse(card), score: 100, pay: 'full' }
  forged.hash = createHash('sha256').update(sealedText(forged)).digest('hex')
  sqlite.prepare('UPDATE scorecard SET card = ?, hash = ? WHERE id = ?').run(JSON.stringify(forged), forged.hash, id)
}

test('a card edited in the database, its hash made again, is not said to be whole', async () => {
  const { json } = await it.lock(districtB)
  forgeCard(json.id)
  const history = await it.history(json.id)
  expect([history.versions[0].score, history.whole, history.seals[0].faults]).toEqual([100, false, ['card-changed']])
})

test.each([
  ['no-seal', () => it.hub.record.sqlite.exec('DROP TRIGGER seal_no_delete; DELETE FROM seal')],
  ['pack-gone', () => rmSync(it.packs, { recursive: true })],
  ['anchor-differs', () => rmSync(it.anchorFile)],
  ['anchor-unreadable', () => writeFileSync(it.anchorFile, 'nonsense\n')],
  [
    'audit-differs',
    () =>
      it.hub.record.sqlite.exec(
        "DROP TRIGGER audit_no_update; UPDATE audit SET detail = '{}' WHERE action = 'scorecard.lock'",
      ),
  ],
  [
    'signature-bad',
    () =>
      it.hub.record.sqlite.exec(
        'DROP TRIGGER seal_no_update; UPDATE seal SET envelope = replace(envelope, \'sig":"\', \'sig":"A\')',
      ),
  ],
  ['chain-broken', () => it.hub.record.sqlite.exec("DROP TRIGGER seal_no_update; UPDATE seal SET previous = 'x'")],
] as const)('%s is named at the next reading', async (fault, spoil) => {
  const { json } = await it.lock(districtA)
  spoil()
  const { whole, seals } = await it.history(json.id)
  expect(whole).toBe(false)
  expect(seals[0].faults).toContain(fault)
})

test('what an anchor could not take it is told with the next lock', async () => {
  await it.lock(districtA)
  const kept = anchor()
  rmSync(it.anchorFile)
  // A folder in its place: it cannot be written.
  mkdirSync(it.anchorFile)
  const { json } = await it.lock(districtB)
  expect((await it.history(json.id)).seals[0].faults).toEqual(['anchor-unreadable'])
  rmSync(it.anchorFile, { recursive: true })
  writeFileSync(it.anchorFile, kept)
  await it.lock('telecom', 'carrier')
  expect(anchored().map(({ seq }) => seq)).toEqual([1, 2, 3])
  expect((await it.history(json.id)).whole).toBe(true)
})
