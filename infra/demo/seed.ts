/**
 * Fills an empty Record with the past of the demonstration (示例数据), so that months, exemptions and scorecards have something to show.
 * Only the demonstration calls it, and only before its hub has first started: a Record that exists is left alone.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { audit } from '@hub/access'
import { type AdjustmentRequest, carriers, type DistrictCode, districtCodes, type Statement } from '@hub/contracts'
import { dayMs, dayStart, hourMs, monthOf, monthSpan } from '@hub/core'
import { recordSchema } from '@hub/hub'
import { type IngestTables, putPast } from '@hub/ingest'
import { openRecord, type RecordStore, tablesOf } from '@hub/platform'
import { putStatement, type ReportsData } from '@hub/reports'
import { decideAdjustment, insertAdjustment } from '@hub/uptime'
import { type Dates, datesOf, intervalsOf, type PastDevice } from './past.ts'
import { withDates } from './record-dates.ts'

const label = '示例数据'
/** They entered and approved what the demonstration shows; neither is a user who can log in. */
const [entered, approved] = [`${label}·申请`, `${label}·审批`]

export type DemoFiles = { data: string; fleet: string; record: string }
type Fleet = { cameras: PastDevice[]; sensors: PastDevice[] }

/** @returns how many intervals were written; undefined when the Record was there already */
export async function seedPast(
  { data, fleet, record: csv }: DemoFiles,
  counties: readonly DistrictCode[],
  now: number,
): Promise<number | undefined> {
  const file = join(data, 'record.db')
  if (existsSync(file)) return undefined
  const { cameras, sensors } = JSON.parse(readFileSync(fleet, 'utf8')) as Fleet
  const devices = [...cameras, ...sensors]
  const dates = new Map(devices.map((device) => [device.id, datesOf(device, districtCodes, now)]))
  writeFileSync(csv, withDates(readFileSync(csv, 'utf8'), dates))
  const record = await openRecord(file, recordSchema)
  try {
    const written = await writeIntervals(tablesOf<IngestTables>(record), devices, dates, counties, now)
    await writeAdjustments(record, devices, now)
    await writeStatements(tablesOf<ReportsData>(record), now)
    return written
  } finally {
    await record.close()
  }
}

/** The past of every device, and a line of the audit that says what it is. */
function writeIntervals(
  record: RecordStore<IngestTables>,
  devices: readonly PastDevice[],
  dates: ReadonlyMap<string, Dates>,
  counties: readonly DistrictCode[],
  now: number,
): Promise<number> {
  const pasts = devices.map((device) => ({
    device: device.id,
    intervals: intervalsOf(device, dates.get(device.id)!.inServiceAt, counties.includes(device.district), now),
  }))
  return record.transaction(async (trx) => {
    const intervals = await putPast(trx, pasts, now)
    const note = `${label}：演示用的过去，不是观测结果`
    const detail = { note, devices: devices.length, intervals, until: now }
    await audit.append(trx, { at: now, actor: label, action: 'demo.past', subject: 'record', detail })
    return intervals
  })
}

async function writeAdjustments(record: RecordStore, devices: readonly PastDevice[], now: number): Promise<void> {
  const today = dayStart(now)
  // Nothing of it speaks of the record, which alone would be told to others.
  const acting = { record, audit, outbox: { appendAll() {} } }
  const enter = async (request: AdjustmentRequest, daysAgo: number) => {
    const by = { id: randomUUID(), within: 'city' as const, requestedBy: entered, requestedAt: now - daysAgo * dayMs }
    return (await insertAdjustment(acting, request, by)).adjustment
  }
  const approve = (id: string, daysAgo: number) =>
    decideAdjustment(acting, 'city', id, {
      decision: 'approve',
      note: `同意（${label}）`,
      decidedBy: approved,
      decidedAt: now - daysAgo * dayMs,
    })
  const powerCut = await enter(
    {
      kind: 'exemption',
      countAs: 'exempt',
      scope: { by: 'feed', values: [devices[0]!.power] },
      from: today - 9 * dayMs + 8 * hourMs,
      to: today - 9 * dayMs + 16 * hourMs,
      applicant: '国网衡阳供电公司',
      reason: `计划停电检修（${label}）`,
    },
    11,
  )
  await approve(powerCut.id, 10)
  const maintenance = await enter(
    {
      kind: 'exemption',
      countAs: 'exempt',
      scope: { by: 'district', values: ['430412'] },
      from: today - 28 * dayMs,
      to: today + 28 * dayMs,
      applicant: '南岳区视频运维单位',
      recurrence: { weekdays: [2], start: '02:00', minutes: 120 },
      reason: `每周例行维护（${label}）`,
    },
    30,
  )
  await approve(maintenance.id, 29)
  const wrong = devices.at(Math.floor(devices.length / 2))!
  await enter(
    {
      kind: 'correction',
      countAs: 'up',
      scope: { by: 'devices', values: [wrong.id] },
      from: today - 3 * dayMs + 9 * hourMs,
      to: today - 3 * dayMs + 11 * hourMs,
      applicant: '辖区派出所',
      reason: `平台误报离线，现场录像完好（${label}）`,
    },
    2,
  )
}

async function writeStatements(record: RecordStore<ReportsData>, now: number): Promise<void> {
  const month = monthOf(monthSpan(monthOf(now)).from - 1)
  const source = `运维月报（${label}）`
  const statements: Statement[] = [
    { what: 'online-time', month, subject: { kind: 'city', key: '' }, value: 0.96, source: `月度通报（${label}）` },
  ]
  for (const [n, key] of carriers.entries()) {
    const subject = { kind: 'carrier', key } as const
    statements.push({ what: 'recording', month, subject, value: 0.985 - n * 0.01, source })
    statements.push({ what: 'repair', month, subject, value: 0.97 - n * 0.03, source })
    statements.push({ what: 'documents', month, subject, value: 1 - n * 0.05, source })
  }
  await record.transaction(async (trx) => {
    for (const statement of statements) await putStatement(trx, 'city', statement, entered, now)
  })
}
