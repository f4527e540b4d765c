/**
 * The pack of a locked card: a zip of everything that it rests on, and the seal over it. Its format is documented for strangers in
 * `docs/pack.md`, and checked by programs that share nothing with this one (`infra/verify/`).
 */
import { createHash } from 'node:crypto'
import type { Scorecard } from '@hub/contracts'
import type { Kysely } from 'kysely'
import type { ReportsDeps } from '../deps.ts'
import { openSink } from '../format/sink.ts'
import { createZip } from '../format/zip.ts'
import type { ReportsData } from '../tables.ts'
import { periodOf, type SealedDevice, sealedAdjustments, sealedDevices } from './devices.ts'
import { type Envelope, signed } from './dsse.ts'
import { type Evidence, evidenceColumns, hourColumns, writeEvidence } from './evidence.ts'
import type { HubKey } from './hub-key.ts'
import { readme } from './readme.ts'

/** The second is of packs that name hours: a verifier of before must not hold them for packs that lack batches. */
export const predicateTypes = ['urn:hengyang-hub:scorecard-pack:v1', 'urn:hengyang-hub:scorecard-pack:v2'] as const

export type Statement = {
  _type: 'https://in-toto.io/Statement/v1'
  /** The files of the pack. */
  subject: { name: string; digest: { sha256: string } }[]
  predicateType: (typeof predicateTypes)[number]
  predicate: {
    seq: number
    previous: string | null
    sealedAt: number
    hub: string
    card: Pick<Scorecard, 'id' | 'month' | 'subject' | 'version'>
    period: { from: number; to: number }
    evidence: Evidence
  }
}

export type Packed = { envelope: Envelope; fingerprint: string; devices: SealedDevice[]; keys: Record<string, string> }

/** @param file where it is written */
export async function writePack(
  { record, uptime, config }: Pick<ReportsDeps, 'record' | 'uptime' | 'config'>,
  file: string,
  card: Scorecard,
  place: { seq: number; previous: string | null; sealedAt: number; key: HubKey },
): Promise<Packed> {
  const { db } = record
  const period = periodOf(card)
  const { devices, tenures } = await sealedDevices(db, uptime, card)
  const gateways = await gatewaysOf(db, devices)
  const keys = await db
    .selectFrom('gateways_key')
    .selectAll()
    .where('gateway', 'in', gateways)
    .orderBy('gateway')
    .orderBy('told_at')
    .execute()
  const sink = openSink(file)
  try {
    const zip = createZip(sink)
    const subject: Statement['subject'] = []
    const entry = async <T>(name: string, write: (put: (text: string) => void) => T): Promise<Awaited<T>> => {
      const hash = createHash('sha256')
      zip.entry(name)
      const result = await write((text) => {
        hash.update(text)
        zip.write(text)
      })
      subject.push({ name, digest: { sha256: hash.digest('hex') } })
      return result
    }
    const json = (name: string, value: unknown) => entry(name, (put) => put(JSON.stringify(value)))
    await json('card.json', card)
    await json('devices.json', devices)
    await json('adjustments.json', await sealedAdjustments(uptime, tenures, period))
    await json('rules.json', config.policy)
    await json(
      'keys.json',
      keys.map(({ gateway, key, state, told_at, pinned_at, retired_at, decided_by }) => ({
        gateway,
        key,
        state,
        toldAt: told_at,
        pinnedAt: pinned_at,
        retiredAt: retired_at,
        decidedBy: decided_by,
      })),
    )
    const { evidence, hours } = await entry('batches.tsv', (put) => {
      put(`${evidenceColumns}\n`)
      return writeEvidence(db, gateways, period, put)
    })
    if (hours.length > 0) await entry('hours.tsv', (put) => put(`${hourColumns}\n${hours.join('')}`))
    await entry('README.txt', (put) => put(readme))
    const { key, ...rest } = place
    const { id, month, subject: of, version } = card
    const statement: Statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject,
      predicateType: predicateTypes[hours.length > 0 ? 1 : 0],
      predicate: { ...rest, hub: key.id, card: { id, month, subject: of, version }, period, evidence },
    }
    const { envelope, fingerprint } = signed(statement, key)
    zip.entry('seal.json')
    zip.write(JSON.stringify(envelope))
    zip.end()
    const pinned = keys.filter(({ state }) => state === 'pinned').map((one) => [one.gateway, one.key])
    return { envelope, fingerprint, devices, keys: Object.fromEntries(pinned) }
  } finally {
    sink.close()
  }
}

/** Whoever watches one of the devices, or serves one of their districts: a device may have had another gateway during the month. */
async function gatewaysOf(db: Kysely<ReportsData>, devices: readonly SealedDevice[]): Promise<string[]> {
  const districts = new Set(devices.map(({ district }) => district))
  const ids = new Set(devices.map(({ id }) => id))
  const bound = await db.selectFrom('gateways_binding').select(['device', 'gateway']).execute()
  const served = await db.selectFrom('gateways_gateway').select(['id', 'districts']).execute()
  const all = [
    ...bound.filter(({ device }) => ids.has(device)).map(({ gateway }) => gateway),
    ...served
      .filter((one) => (JSON.parse(one.districts) as string[]).some((code) => districts.has(code)))
      .map(({ id }) => id),
  ]
  return [...new Set(all)].sort()
}
