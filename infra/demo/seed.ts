/**
 * Fills an empty Record with the past of the demonstration (示例数据), so that months, exemptions and scorecards have something to show.
 * Only the demonstration calls it, and only before its hub has first started: a Record that exists is left alone.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AdjustmentRequest, carriers, type DistrictCode, districtCodes, type Statement } from '@hub/contracts'
import { dayOf, dayStart, neverSeen } from '@hub/core'
import { decideAdjustment, insertAdjustment, openRecord, putStatement, type RecordStore } from '@hub/platform'
import { type Dates, datesOf, intervalsOf, type PastDevice } from './past.ts'
import { withDates } from './record-dates.ts'

const day = 86_400_000
const hour = 3_600_000
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
  const record = await openRecord(file)
  try {
    const written = await writeIntervals(record, devices, dates, counties, now)
    await writeAdjustments(record, devices, now)
    await writeStatements(record, now)
    return written
  } finally {
    await record.close()
  }
}

/**
 * Each device's past ends now, as evidence that has gone stale: unknown from here on, as ingest itself would have left it. Its first
 * real look goes on from there.
 */
function writeIntervals(
  record: RecordStore,
  devices: readonly PastDevice[],
  dates: ReadonlyMap<string, Dates>,
  counties: readonly DistrictCode[],
  now: number,
): Promise<number> {
  const rule = { id: 'stale' as const, count: 0, needed: 0, firstAt: now, lastAt: now }
  const health = { ...neverSeen, since: now, rule, lastAt: now, freshUntil: now }
  return record.commit((sqlite) => {
    const putInterval = sqlite.prepare('INSERT INTO interval VALUES (?, ?, ?, ?, ?)')
    const putState = sqlite.prepare(
      `INSERT INTO device_state (device, state, since, rule, last_at, recent, health, applied) VALUES (?, 'unknown', ?, ?, ?, '[]', ?, 0)`,
    )
    let written = 0
    for (const device of devices) {
      const past = intervalsOf(device, dates.get(device.id)!.inServiceAt, counties.includes(device.district), now)
      for (const { from, to, state, rule } of past) putInterval.run(device.id, from, to, state, JSON.stringify(rule))
      putInterval.run(device.id, now, null, 'unknown', JSON.stringify(rule))
      putState.run(device.id, now, JSON.stringify(rule), now, JSON.stringify(health))
      written += past.length + 1
    }
    const detail = {
      note: `${label}：演示用的过去，不是观测结果`,
      devices: devices.length,
      intervals: written,
      until: now,
    }
    sqlite
      .prepare(`INSERT INTO audit (at, actor, action, subject, detail) VALUES (?, ?, 'demo.past', 'record', ?)`)
      .run(now, label, JSON.stringify(detail))
    return written
  })
}

async function writeAdjustments(record: RecordStore, devices: readonly PastDevice[], now: number): Promise<void> {
  const today = dayStart(now)
  const enter = (request: AdjustmentRequest, daysAgo: number) =>
    insertAdjustment(record, request, {
      ...{ id: randomUUID(), within: 'city', requestedBy: entered, requestedAt: now - daysAgo * day },
    })
  const approve = (id: string, daysAgo: number) =>
    decideAdjustment(record, 'city', id, {
      ...{ decision: 'approve', note: `同意（${label}）`, decidedBy: approved, decidedAt: now - daysAgo * day },
    })
  const powerCut = await enter(
    {
      ...{ kind: 'exemption', countAs: 'exempt', scope: { by: 'feed', values: [devices[0]!.power] } },
      ...{ from: today - 9 * day + 8 * hour, to: today - 9 * day + 16 * hour, applicant: '国网衡阳供电公司' },
      reason: `计划停电检修（${label}）`,
    },
    11,
  )
  await approve(powerCut.id, 10)
  const maintenance = await enter(
    {
      ...{ kind: 'exemption', countAs: 'exempt', scope: { by: 'district', values: ['430412'] } },
      ...{ from: today - 28 * day, to: today + 28 * day, applicant: '南岳区视频运维单位' },
      ...{ recurrence: { weekdays: [2], start: '02:00', minutes: 120 }, reason: `每周例行维护（${label}）` },
    },
    30,
  )
  await approve(maintenance.id, 29)
  const wrong = devices.at(Math.floor(devices.length / 2))!
  await enter(
    {
      ...{ kind: 'correction', countAs: 'up', scope: { by: 'devices', values: [wrong.id] } },
      ...{ from: today - 3 * day + 9 * hour, to: today - 3 * day + 11 * hour, applicant: '辖区派出所' },
      reason: `平台误报离线，现场录像完好（${label}）`,
    },
    2,
  )
}

async function writeStatements(record: RecordStore, now: number): Promise<void> {
  const month = dayOf(dayStart(Date.parse(`${dayOf(now).slice(0, 7)}-01T00:00:00+08:00`)) - day).slice(0, 7)
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
