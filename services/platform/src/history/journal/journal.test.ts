import { HubError } from '@hub/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeadLetter } from '../../bus/dead-letters.ts'
import { silentLog } from '../../log.ts'
import { createManualClock, type ManualClock } from '../../manual-clock.ts'
import { createMetrics } from '../../metrics.ts'
import type { RowStore } from '../influxdb/history.ts'
import type { History, UptimeBucket } from '../port.ts'
import type { Row } from '../rows.ts'
import { openJournal } from './journal.ts'

const t0 = 1_800_000_000_000
const forever = { fiveMinutes: 'forever', hours: 'forever', days: 'forever', telemetry: 'forever' } as const
const bucket = (over: Partial<UptimeBucket> = {}): UptimeBucket => ({
  device: '43040512001320000001',
  district: '430405',
  application: 'safe-city',
  carrier: 'telecom',
  at: t0,
  upMs: 300_000,
  downMs: 0,
  unknownMs: 0,
  exemptMs: 0,
  ...over,
})

/** A store of series, as InfluxDB is one. */
function createStore() {
  const series = new Map<string, Row>()
  const state = { down: false, lying: false, refuses: '', upsets: '', writes: 0, asked: 0 }
  const store: RowStore & Pick<History, 'ready' | 'close'> = {
    async writeRows(rows) {
      if (state.down) throw new HubError('history.unavailable', { limit: 'down' })
      state.asked++
      // As a server that fails inside because of one line.
      if (rows.some((row) => state.upsets === 'all' || row.tags.device === state.upsets))
        throw new HubError('history.unavailable', { limit: 'HTTP 500' }, { cause: { statusCode: 500 } })
      state.writes += rows.length
      if (rows.some((row) => row.tags.device === state.refuses)) throw new HubError('history.refused', { limit: 'no' })
      if (!state.lying) for (const row of rows) series.set(JSON.stringify([row.measurement, row.at, row.tags]), row)
    },
    async readRows({ measurement, from, to, devices }) {
      if (state.down) throw new HubError('history.unavailable', { limit: 'down' })
      return [...series.values()].filter(
        (row) =>
          row.measurement === measurement && row.at >= from && row.at <= to && devices.includes(row.tags.device!),
      )
    },
    ready: async () => {},
    close: async () => {},
  }
  const ups = () => [...series.values()].map(({ tags, fields }) => [tags.carrier, fields.up_ms])
  return { store: store as RowStore & History, state, series, ups }
}

let clock: ManualClock
let fake: ReturnType<typeof createStore>
let metrics: ReturnType<typeof createMetrics>
let journal: History
let parked: DeadLetter[]
const open = (over: object = {}) =>
  openJournal(fake.store, {
    path: ':memory:',
    maxBytes: 10_000_000,
    settleMs: 600_000,
    staleAfterMs: 60_000,
    keep: forever,
    clock,
    log: silentLog,
    metrics,
    park: async (letter) => void parked.push(letter),
    ...over,
  })
/** Time goes by, second by second, and what is under way gets its turns. */
const pass = async (seconds: number) => {
  for (let n = 0; n < seconds; n++) {
    await clock.advanceAsync(1_000)
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
}
const figure = async (name: string) =>
  Number(
    (await metrics.text())
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.split(' ')
      .at(-1),
  )
const waiting = async () => {
  await pass(15)
  return [
    await figure('hub_history_journal_rows{phase="open"}'),
    await figure('hub_history_journal_rows{phase="settling"}'),
  ]
}

beforeEach(() => {
  clock = createManualClock(t0)
  fake = createStore()
  parked = []
  metrics = createMetrics()
  journal = open()
})
afterEach(() => journal.close())

describe('a journal', () => {
  it('lets go of a point when it was read back twice, the second time after it has settled', async () => {
    await journal.writeUptime('5m', [bucket()])
    expect(await waiting()).toEqual([0, 1])
    await pass(600)
    expect(await waiting()).toEqual([0, 0])
    expect(fake.ups()).toEqual([['telecom', 300_000]])
  })

  it('writes again what the store confirmed and does not give back', async () => {
    fake.state.lying = true
    await journal.writeUptime('5m', [bucket()])
    expect(await waiting()).toEqual([1, 0])
    expect(fake.state.writes).toBeGreaterThan(1)
    fake.state.lying = false
    await pass(120)
    expect(await waiting()).toEqual([0, 1])
  })

  it('finds out at the second reading what the store has lost since the first', async () => {
    await journal.writeUptime('5m', [bucket()])
    await pass(10)
    fake.series.clear()
    await pass(700)
    expect(fake.ups()).toEqual([['telecom', 300_000]])
    expect(await figure('hub_history_journal_rewritten_total')).toBe(1)
  })

  it('keeps of a point that is written again and again the last only', async () => {
    fake.state.down = true
    for (let n = 0; n < 50; n++) await journal.writeUptime('5m', [bucket({ upMs: n })])
    expect(await waiting()).toEqual([1, 0])
    fake.state.down = false
    await pass(120)
    expect(fake.ups()).toEqual([['telecom', 49]])
    expect(fake.state.writes).toBe(1)
  })

  it('does not take the reading of an older value for that of the newer', async () => {
    await journal.writeUptime('5m', [bucket({ upMs: 1 })])
    await pass(5)
    fake.state.lying = true
    await journal.writeUptime('5m', [bucket({ upMs: 2 })])
    await pass(600)
    expect((await waiting())[0]).toBe(1)
  })

  it('blanks the point that lies under tags which the device no longer has', async () => {
    await journal.writeUptime('5m', [bucket()])
    await pass(5)
    await journal.writeUptime('5m', [bucket({ carrier: 'mobile' })])
    await pass(10)
    expect(fake.ups()).toEqual([
      ['telecom', 0],
      ['mobile', 300_000],
    ])
    expect(await waiting()).toEqual([0, 1])
  })

  it('sets a refused point aside, and stores those that came with it', async () => {
    fake.state.refuses = 'bad'
    const devices = ['a', 'b', 'bad', 'c', 'd']
    await journal.writeUptime(
      '5m',
      devices.map((device) => bucket({ device })),
    )
    await pass(5)
    expect([...fake.series.values()].map((row) => row.tags.device)).toEqual(['a', 'b', 'c', 'd'])
    expect(await figure('hub_history_journal_refused_total')).toBe(1)
    expect(await waiting()).toEqual([1, 4])
    // People see it, once, however often it is offered again; and for its sake nothing is called stale.
    await pass(2 * 3_600)
    expect(await figure('hub_history_journal_refused_total')).toBe(3)
    expect(parked).toMatchObject([{ source: 'history/uptime_5m', reason: expect.stringContaining('no') }])
    expect(JSON.parse(Buffer.from(parked[0]!.payload).toString())).toMatchObject({ tags: { device: 'bad' } })
    await journal.ready()
  })

  it('finds the one point to which the store answers the same error again and again, and stores the others', async () => {
    fake.state.upsets = 'bad'
    const devices = ['a', 'b', 'bad', 'c', 'd']
    const write = (at: number) =>
      journal.writeUptime(
        '5m',
        devices.map((device) => bucket({ device, at })),
      )
    await write(t0)
    await pass(10)
    expect(fake.series.size).toBe(0)
    // What is newer waits no longer than the fifth answer takes.
    await pass(25)
    expect([...fake.series.values()].map((row) => row.tags.device)).toEqual(['a', 'b', 'c', 'd'])
    expect(parked).toMatchObject([{ source: 'history/uptime_5m', reason: expect.stringContaining('HTTP 500') }])
    await pass(100)
    await journal.ready()
  })

  it('blames no point while the store answers nothing but errors, and keeps all of it', async () => {
    fake.state.upsets = 'all'
    const many = Array.from({ length: 500 }, (_, n) => bucket({ device: `d${n}` }))
    await journal.writeUptime('5m', many)
    await pass(3_600)
    expect(parked).toEqual([])
    // It is not stormed with questions either.
    expect(fake.state.asked).toBeLessThan(500)
    fake.state.upsets = ''
    await pass(120)
    expect(fake.series.size).toBe(500)
  })

  it('sets a lone point aside that upsets the store, so that what is newer does not wait for it', async () => {
    fake.state.upsets = 'bad'
    await journal.writeUptime('5m', [bucket({ device: 'bad' })])
    await pass(1)
    await journal.writeUptime('1h', [bucket({ device: 'a' })])
    await pass(300)
    expect([...fake.series.values()].map((row) => row.tags.device)).toEqual(['a'])
    expect(parked.length).toBe(1)
  })

  it('says that it is stale when a point has waited too long, and no longer when it came through', async () => {
    fake.state.lying = true
    await journal.writeUptime('5m', [bucket()])
    await pass(30)
    await journal.ready()
    await pass(40)
    await expect(journal.ready()).rejects.toMatchObject({ code: 'history.stale' })
    fake.state.lying = false
    await pass(120)
    await journal.ready()
  })

  it('turns away what does not fit, and says how much', async () => {
    await journal.close()
    journal = open({ maxBytes: 100_000 })
    fake.state.down = true
    const many = Array.from({ length: 2_000 }, (_, n) => bucket({ at: t0 + n * 300_000 }))
    await expect(journal.writeUptime('5m', many)).rejects.toMatchObject({ code: 'history.unavailable' })
    const turnedAway = await figure('hub_history_journal_turned_away_total')
    expect(turnedAway).toBe(2_000 - (await waiting())[0]!)
    fake.state.down = false
    await pass(200)
    await journal.writeUptime('5m', many.slice(-100))
  })

  it('takes nothing that is older than it is kept, and drops what grows so', async () => {
    await journal.close()
    journal = open({ keep: { ...forever, fiveMinutes: 1 } })
    fake.state.down = true
    await journal.writeUptime('5m', [bucket({ at: t0 - 86_400_001 }), bucket({ at: t0 - 86_400_000 + 60_000 })])
    expect(await waiting()).toEqual([1, 0])
    await pass(60)
    expect(await waiting()).toEqual([0, 0])
    expect(await figure('hub_history_journal_expired_total')).toBe(1)
  })
})
