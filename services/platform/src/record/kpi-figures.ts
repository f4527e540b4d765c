/**
 * The figures that the city reports, gathered from the Record. Devices are read in pages and their records judged once for each
 * change, so that 20,000 of them never keep the Record to themselves. What is of an instant (snapshot, intact, clock) is of now; time,
 * platforms, records and positions are of the period.
 */
import {
  type Carrier,
  type DeviceState,
  type DistrictCode,
  inScope,
  type Kpi,
  type KpiName,
  type KpiReport,
  type PointClass,
  type Scope,
  type StatementRow,
} from '@hub/contracts'
import {
  clockRight,
  dayOf,
  type IntactDevice,
  insideDistrict,
  intact,
  type KpiFigure,
  kpiRule,
  measuredParts,
  monthSpan,
  onlineSnapshot,
  onlineTime,
  platformNormal,
  positionRight,
  type RequiredFields,
  recordComplete,
  requiredFields,
  snapshot,
} from '@hub/core'
import type { Deps } from '../module.ts'
import { createAdjustmentIndex } from '../uptime/adjustment-index.ts'
import type { RecordStore } from './open.ts'
import { listPlatforms } from './platforms.ts'
import { listStatements } from './statements.ts'

export type KpiQuestion = {
  from: number
  to: number
  district?: DistrictCode | undefined
  carrier?: Carrier | undefined
}

type Device = Awaited<ReturnType<typeof readPage>>[number] & { fields: RequiredFields; exempt: boolean }

const page = 250
/** Records that are judged at a stretch. */
const judged = 25

export async function gatherKpis(
  { record, uptime, config, clock }: Pick<Deps, 'record' | 'uptime' | 'config' | 'clock'>,
  question: KpiQuestion,
  viewer: Scope,
): Promise<KpiReport> {
  const now = clock.now()
  const { from, district, carrier } = question
  const to = Math.max(from, Math.min(question.to, now))
  const scope = district === undefined ? viewer : inScope(viewer, district) ? [district] : []
  const filter = carrier === undefined ? {} : { carrier: [carrier] }
  const [time] = await uptime.by({ scope, filter, from, to, now, by: [] })
  const devices = await readDevices(record, scope, carrier, now)
  const platforms = await listPlatforms(record.db, scope, { from, to })
  const inService = devices.filter((d) => d.stage === 'in-service')
  const due = devices.filter((d) => d.from !== null && d.from < to && (d.to ?? to) > from)
  const cameras = inService.filter((d) => d.kind === 'camera')
  const states = cameras.map(intactOf)
  const parts = measuredParts(states)
  const clockLimitMs = config.policy.kpis.clockSeconds * 1_000
  const figures: KpiFigure[] = [
    onlineTime(time ?? { up: 0, down: 0, unknown: 0, exempt: 0 }),
    onlineSnapshot(snapshot(inService)),
    platformNormal(platforms),
    intact(states, parts),
    clockRight(
      cameras.map((d) => d.clock_offset_ms),
      clockLimitMs,
    ),
    recordComplete(due.map((d) => d.fields)),
    positionRight(due.map(positionOf), insideDistrict),
  ]
  const stated = statedOf(await listStatements(record.db, viewer, monthOf(question)), question, viewer)
  return {
    asOf: now,
    from,
    to,
    kpis: figures.map((figure) => ({
      ...figure,
      ...targetOf(figure.kpi, config.policy),
      rule: kpiRule(figure.kpi, { parts, clockLimitMs }),
      stated: stated.get(figure.kpi) ?? null,
    })),
  }
}

function targetOf(kpi: KpiName, policy: Deps['config']['policy']): Pick<Kpi, 'target' | 'provenance'> {
  const { platformNormal, intact, clock, record, position } = policy.kpis
  const own = { 'platform-normal': platformNormal, intact, clock, record, position } as const
  if (kpi === 'online-time' || kpi === 'online-snapshot')
    return { target: policy.target, provenance: policy.provenance }
  return { target: own[kpi], provenance: '考核指标参考值，非合同阈值' }
}

const intactOf = (d: Device): IntactDevice => ({
  online: d.state === 'unknown' ? null : d.state !== 'down',
  image: d.picture === null ? null : d.picture === 'pass',
  recording: null,
  control: null,
  exempt: d.exempt,
})

const positionOf = ({ district, point_type, longitude, latitude }: Device) => ({
  ...{ district: district as DistrictCode, pointType: point_type as PointClass, longitude, latitude },
})

/** The month that the period is: a stated figure is of a month. */
function monthOf({ from, to }: KpiQuestion): string | undefined {
  const month = dayOf(from).slice(0, 7)
  const span = monthSpan(month)
  return span.from === from && span.to === to ? month : '-'
}

/** Only those of the very place that is asked for. */
function statedOf(statements: readonly StatementRow[], { district, carrier }: KpiQuestion, viewer: Scope) {
  const place =
    district !== undefined && carrier === undefined
      ? `district ${district}`
      : viewer !== 'city' || district !== undefined
        ? undefined
        : carrier === undefined
          ? 'city '
          : `carrier ${carrier}`
  return new Map<string, Kpi['stated']>(
    statements
      .filter(({ subject }) => `${subject.kind} ${subject.key}` === place)
      .map(({ what, value, source }) => [what, { value, source }]),
  )
}

/** Judged records, by device, as of the change that they were judged after. */
const judgements = new WeakMap<RecordStore, Map<string, RequiredFields & { updatedAt: number }>>()

async function readDevices(record: RecordStore, scope: Scope, carrier: Carrier | undefined, now: number) {
  const known = judgements.get(record) ?? new Map<string, RequiredFields & { updatedAt: number }>()
  judgements.set(record, known)
  const index = createAdjustmentIndex(record.sqlite)
  await record.commit(() => index.reload())
  const instant = { from: now, to: now + 1 }
  const devices: Device[] = []
  for (let after = ''; ; ) {
    const rows = await readPage(record, scope, carrier, after)
    const stale = rows.filter(({ id, updated_at }) => known.get(id)?.updatedAt !== updated_at)
    for (let i = 0; i < stale.length; i += judged) await judge(record, stale.slice(i, i + judged), known)
    for (const row of rows) {
      const exempt = index.claims(row, instant).some(({ countAs }) => countAs === 'exempt')
      devices.push({ ...row, exempt, fields: known.get(row.id) ?? { valid: 0, required: 0 } })
    }
    if (rows.length < page) return devices
    after = rows.at(-1)!.id
    await turn()
  }
}

async function readPage({ db }: RecordStore, scope: Scope, carrier: Carrier | undefined, after: string) {
  let query = db
    .selectFrom('device')
    .leftJoin('device_state', 'device_state.device', 'device.id')
    .select(['id', 'district', 'kind', 'carrier', 'application', 'point_type', 'stage', 'longitude', 'latitude'])
    .select(['pole', 'feed', 'updated_at', 'in_service_from as from', 'in_service_to as to'])
    .select(['clock_offset_ms', 'picture', 'state'])
    .where('id', '>', after)
  if (scope !== 'city') query = query.where('district', 'in', [...scope])
  if (carrier !== undefined) query = query.where('carrier', '=', carrier)
  const rows = await query.orderBy('id').limit(page).execute()
  return rows.map((row) => ({ ...row, state: (row.state ?? 'unknown') as DeviceState }))
}

async function judge(
  { db }: RecordStore,
  rows: readonly { id: string; updated_at: number }[],
  known: Map<string, RequiredFields & { updatedAt: number }>,
): Promise<void> {
  const records = await db
    .selectFrom('device')
    .select(['id', 'record', 'updated_at'])
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute()
  for (const { id, record, updated_at } of records)
    known.set(id, { ...requiredFields(JSON.parse(record)), updatedAt: updated_at })
  await turn()
}

/** For whoever waits for this thread. */
const turn = () => new Promise((resolve) => setImmediate(resolve))
