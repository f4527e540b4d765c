/**
 * Verifies a pack by itself. Nothing here is shared with the program that made it: what a pack is stands in
 * `services/reports/docs/pack.md`, and this is written after that.
 */
import { type Batch, batchesOf, checkBatches, type Evidence, type GatewayKey, type Hour, hoursOf } from './batches.ts'
import { base64, hex, isSigned, joined, sha256, textOf, utf8 } from './bytes.ts'
import { Findings } from './findings.ts'
import { readZip } from './zip.ts'

type Times = { up: number; down: number; unknown: number; exempt: number }
type Device = Times & {
  id: string
  dueFrom: number | null
  dueTo: number | null
  notDue?: { from: number; to: number }[]
}
export type Card = {
  id: string
  month: string
  subject: { kind: string; key: string }
  version: number
  score: number | null
  pay: string
  devices: number
  totals: Times
  lines: { item: string; deduction: number; basis: string; numerator: number | null; denominator: number | null }[]
  policy: { payFull: number; payPart: number }
}
export type Predicate = {
  seq: number
  previous: string | null
  sealedAt: number
  hub: string
  card: { id: string; month: string; subject: { kind: string; key: string }; version: number }
  period: { from: number; to: number }
  evidence: Evidence
}
/** `undefined`: so much could not be read. */
export type Pack = {
  found: Findings
  fingerprint: string | undefined
  predicate: Predicate | undefined
  card: Card | undefined
  devices: Device[]
  adjustments: { id: string }[]
  keys: GatewayKey[]
  batches: Batch[]
  /** Of batches whose digests had gone when it was sealed. */
  hours: Hour[]
  files: Map<string, Uint8Array<ArrayBuffer>>
}

const payloadType = 'application/vnd.in-toto+json'
/** The second kind names hours beside batches. */
const predicateTypes = ['urn:hengyang-hub:scorecard-pack:v1', 'urn:hengyang-hub:scorecard-pack:v2']
const needed = ['card.json', 'devices.json', 'adjustments.json', 'rules.json', 'keys.json', 'batches.tsv']

export async function verifyPack(bytes: Uint8Array<ArrayBuffer>): Promise<Pack> {
  const found = new Findings()
  const pack: Pack = {
    found,
    fingerprint: undefined,
    predicate: undefined,
    card: undefined,
    devices: [],
    adjustments: [],
    keys: [],
    batches: [],
    hours: [],
    files: new Map(),
  }
  try {
    pack.files = await readZip(bytes)
  } catch (error) {
    found.fault('pack', 'zip-unreadable', (error as Error).message)
    return pack
  }
  found.count('pack', pack.files.size)
  if (!(await openSeal(pack))) return pack
  try {
    pack.card = JSON.parse(fileText(pack, 'card.json'))
    pack.devices = JSON.parse(fileText(pack, 'devices.json'))
    pack.adjustments = JSON.parse(fileText(pack, 'adjustments.json'))
    pack.keys = JSON.parse(fileText(pack, 'keys.json'))
    pack.batches = batchesOf(fileText(pack, 'batches.tsv'))
    if (pack.files.has('hours.tsv')) pack.hours = hoursOf(fileText(pack, 'hours.tsv'))
    checkCard(pack, pack.card!)
    checkDevices(pack, pack.card!)
    await checkBatches(pack, pack.predicate!)
  } catch (error) {
    found.fault('pack', 'file-unreadable', (error as Error).message)
  }
  return pack
}

const fileText = ({ files }: Pack, name: string): string => textOf(files.get(name) ?? new Uint8Array())

/** The envelope (DSSE v1), what it says, and the digest of each file. @returns false when nothing more can be read */
async function openSeal(pack: Pack): Promise<boolean> {
  const { files, found } = pack
  try {
    const envelope = JSON.parse(fileText(pack, 'seal.json'))
    const payload = base64(envelope.payload)
    pack.fingerprint = hex(await sha256(payload))
    const statement = JSON.parse(textOf(payload))
    pack.predicate = statement.predicate as Predicate
    const { hub } = pack.predicate
    const head = `DSSEv1 ${utf8(envelope.payloadType).length} ${envelope.payloadType} ${payload.length} `
    const signed = joined(utf8(head), payload)
    const own = envelope.signatures.find((one: { keyid: string }) => one.keyid === hub)
    found.count('seal')
    if (envelope.payloadType !== payloadType || !predicateTypes.includes(statement.predicateType))
      found.fault('seal', 'seal-type', `${envelope.payloadType} ${statement.predicateType}`)
    if (!own || !(await isSigned(hub, own.sig, signed))) found.fault('seal', 'seal-signature', hub)
    const sealed = new Map<string, string>(
      statement.subject.map((one: { name: string; digest: { sha256: string } }) => [one.name, one.digest.sha256]),
    )
    for (const name of needed) if (!sealed.has(name)) found.fault('seal', 'file-unsealed', name)
    for (const [name, digest] of sealed) {
      const file = files.get(name)
      found.count('seal')
      if (!file) found.fault('seal', 'file-missing', name)
      else if (hex(await sha256(file)) !== digest) found.fault('seal', 'file-changed', name)
    }
    for (const name of files.keys())
      if (name !== 'seal.json' && !sealed.has(name)) found.fault('seal', 'file-extra', name)
    return true
  } catch (error) {
    found.fault('seal', 'seal-unreadable', (error as Error).message)
    return false
  }
}

const kinds = ['up', 'down', 'unknown', 'exempt'] as const
const cents = (points: number): number => Math.round(points * 100)

/** The arithmetic that can be done by hand. */
function checkCard({ found, predicate }: Pack, card: Card): void {
  found.count('card', card.lines.length)
  const { id, month, subject, version } = predicate!.card
  if (id !== card.id || month !== card.month || version !== card.version || subject.key !== card.subject.key)
    found.fault('card', 'card-other', `${month} ${subject.kind} ${subject.key} v${version}`)
  const online = card.lines.find(({ item, basis }) => item === 'online' && basis === 'computed')
  const { up, down } = card.totals
  if (online && (online.numerator !== up || online.denominator !== up + down))
    found.fault('card', 'card-online', `${online.numerator} / ${online.denominator} ≠ ${up} / ${up + down}`)
  if (card.score === null) return
  const left = Math.max(0, 10_000 - card.lines.reduce((sum, { deduction }) => sum + cents(deduction), 0))
  if (left !== cents(card.score)) found.fault('card', 'card-score', `${card.score} ≠ ${left / 100}`)
  const { payFull, payPart } = card.policy
  const pay = card.score >= payFull ? 'full' : card.score >= payPart ? 'part' : 'none'
  if (pay !== card.pay) found.fault('card', 'card-pay', `${card.pay} ≠ ${pay}`)
}

/** Device by device: the four times fill the due time, and all together make the card. */
function checkDevices({ found, predicate, devices }: Pack, card: Card): void {
  const { from, to } = predicate!.period
  found.count('devices', devices.length)
  if (devices.length !== card.devices) found.fault('devices', 'device-count', `${devices.length} ≠ ${card.devices}`)
  for (const kind of kinds) {
    const sum = devices.reduce((all, device) => all + device[kind], 0)
    if (sum !== card.totals[kind]) found.fault('devices', 'device-sum', `${kind}: ${sum} ≠ ${card.totals[kind]}`)
  }
  for (const device of devices) {
    const within = (begin: number | null, end: number | null) =>
      Math.max(0, Math.min(to, end ?? Number.POSITIVE_INFINITY) - Math.max(from, begin ?? Number.POSITIVE_INFINITY))
    const notDue = (device.notDue ?? []).reduce((all, gap) => all + within(gap.from, gap.to), 0)
    const due = within(device.dueFrom, device.dueTo) - notDue
    const sum = kinds.reduce((all, kind) => all + device[kind], 0)
    if (sum !== due) found.fault('devices', 'device-due', `${device.id}: ${sum} ≠ ${due}`)
  }
}
