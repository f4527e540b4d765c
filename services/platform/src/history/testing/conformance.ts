/** What every History must do, whatever store is behind it. `embedded.test.ts` and `influxdb.peer.test.ts` run it, the latter with and without its journal. */
import type { DistrictCode } from '@hub/contracts'
import { describe, expect, it } from 'vitest'
import type { History, ProbeBucket, TelemetryPoint, UptimeBucket } from '../port.ts'
import { bucketMs } from '../steps.ts'

/** A midnight of the city. */
const t0 = 1_800_028_800_000
const hour = 3_600_000
const day = 24 * hour
const minute = 60_000

const camera = '43040512001320000001'
const sensor = '43042112001190000001'

const bucket = (over: Partial<UptimeBucket> = {}): UptimeBucket => ({
  device: camera,
  district: '430405',
  application: 'safe-city',
  carrier: 'telecom',
  at: t0,
  upMs: 240_000,
  downMs: 40_000,
  unknownMs: 15_000,
  exemptMs: 5_000,
  ...over,
})
const probed = (over: Partial<ProbeBucket> = {}): ProbeBucket => ({
  device: camera,
  district: '430405',
  application: 'safe-city',
  carrier: 'telecom',
  at: t0,
  probes: 10,
  p50Ms: 12.5,
  p95Ms: 80,
  clockOffsetMs: -1,
  ...over,
})
const point = (over: Partial<TelemetryPoint> = {}): TelemetryPoint => ({
  device: sensor,
  district: '430421',
  measure: 'pm25',
  at: t0,
  value: 35.5,
  ...over,
})

/** @param open gives an empty History each time; `close` ends it. */
export function historyConformance(open: () => Promise<{ history: History; close(): Promise<void> }>): void {
  const on = async (test: (history: History) => Promise<void>) => {
    const { history, close } = await open()
    try {
      await test(history)
    } finally {
      await close()
    }
  }
  const all = { from: t0, to: t0 + 86_400_000 }
  const city = { scope: 'city', group: 'city', stepMs: bucketMs, ...all } as const

  describe('a History', () => {
    it('is ready', () => on((history) => history.ready()))

    it('gives back a bucket as it was written', () =>
      on(async (history) => {
        await history.writeUptime('5m', [bucket()])
        expect(await history.uptime({ step: '5m', device: camera, ...all })).toEqual([bucket()])
      }))

    it('gives buckets of one device, oldest first, from the start and before the end of the period', () =>
      on(async (history) => {
        const at = (n: number) => bucket({ at: t0 + n * bucketMs })
        await history.writeUptime('5m', [at(3), at(1), at(0), at(2), bucket({ device: sensor })])
        const period = { from: t0 + bucketMs, to: t0 + 3 * bucketMs }
        expect(await history.uptime({ step: '5m', device: camera, ...period })).toEqual([at(1), at(2)])
      }))

    it('keeps one bucket when it is written twice, the last as it stands', () =>
      on(async (history) => {
        const late = bucket({ upMs: 0, unknownMs: 255_000 })
        await history.writeUptime('5m', [bucket()])
        await history.writeUptime('5m', [bucket()])
        await history.writeUptime('5m', [late])
        expect(await history.uptime({ step: '5m', device: camera, ...all })).toEqual([late])
        expect(await history.trend(city)).toEqual([
          { group: 'city', at: t0, upMs: 0, downMs: 40_000, unknownMs: 255_000, exemptMs: 5_000 },
        ])
      }))

    it('forgets a bucket that is written with no time in it', () =>
      on(async (history) => {
        await history.writeUptime('5m', [bucket()])
        await history.writeUptime('5m', [bucket({ upMs: 0, downMs: 0, unknownMs: 0, exemptMs: 0 })])
        expect(await history.uptime({ step: '5m', device: camera, ...all })).toEqual([])
        expect(await history.trend(city)).toEqual([])
      }))

    it('gives back the probe figures of five minutes and of hours as they were written last', () =>
      on(async (history) => {
        const { p50Ms: _, p95Ms: __, clockOffsetMs: ___, ...untimed } = probed({ at: t0 + bucketMs, probes: 3 })
        await history.writeProbes('5m', [probed(), probed({ at: t0 + bucketMs })])
        await history.writeProbes('5m', [untimed])
        await history.writeProbes('1h', [probed({ probes: 120 })])
        expect(await history.probes({ step: '5m', device: camera, ...all })).toEqual([probed(), untimed])
        expect(await history.probes({ step: '1h', device: camera, ...all })).toEqual([probed({ probes: 120 })])
      }))

    it('keeps the steps apart, and sums the coarsest whose buckets fit the question', () =>
      on(async (history) => {
        // Each says another figure, so that the answer tells where it came from.
        await history.writeUptime('5m', [bucket({ upMs: 1 }), bucket({ at: t0 + hour, upMs: 1 })])
        await history.writeUptime('1h', [bucket({ upMs: 20 }), bucket({ at: t0 + hour, upMs: 20 })])
        await history.writeUptime('1d', [bucket({ upMs: 300 })])
        const ups = async (from: number, to: number, stepMs: number) =>
          (await history.trend({ ...city, from, to, stepMs })).map((row) => row.upMs)
        expect(await ups(t0, t0 + day, day)).toEqual([300])
        expect(await ups(t0, t0 + day, hour)).toEqual([20, 20])
        expect(await ups(t0, t0 + 12 * hour, 12 * hour)).toEqual([40])
        expect(await ups(t0 - hour, t0 + day - hour, day)).toEqual([40])
        expect(await ups(t0, t0 + hour + bucketMs, day)).toEqual([2])
        expect(await ups(t0, t0 + day, hour / 2)).toEqual([1, 1])
      }))

    it('sums the buckets of a step, whose first begins with the period', () =>
      on(async (history) => {
        const at = [0, 1, 2, 3].map((n) => bucket({ at: t0 + n * bucketMs, upMs: 10 ** n }))
        await history.writeUptime('5m', at)
        const period = { from: t0 + bucketMs, to: t0 + 4 * bucketMs, stepMs: 2 * bucketMs }
        const rows = await history.trend({ ...city, ...period })
        expect(rows.map(({ at, upMs }) => [at - t0, upMs])).toEqual([
          [bucketMs, 110],
          [3 * bucketMs, 1_000],
        ])
      }))

    it.each([
      [
        'district',
        [
          ['430405', 3],
          ['430421', 4],
        ],
      ],
      [
        'application',
        [
          ['safe-city', 5],
          ['traffic', 2],
        ],
      ],
      [
        'carrier',
        [
          ['mobile', 4],
          ['telecom', 3],
        ],
      ],
      ['city', [['city', 7]]],
    ] as const)('groups by %s', (group, expected) =>
      on(async (history) => {
        await history.writeUptime('5m', [
          bucket({ device: '43040512001320000001', upMs: 1 }),
          bucket({ device: '43040512001320000002', upMs: 2, application: 'traffic' }),
          bucket({ device: '43042112001320000003', upMs: 4, district: '430421', carrier: 'mobile' }),
        ])
        const rows = await history.trend({ ...city, group })
        expect(rows.map((row) => [row.group, row.upMs])).toEqual(expected)
      }),
    )

    it.each([
      ['city', 3],
      [['430405'], 1],
      [['430405', '430421'], 3],
      [['430482'], undefined],
      [[], undefined],
    ] as ['city' | DistrictCode[], number | undefined][])(
      'a trend within the scope %j sees only its districts',
      (scope, sum) =>
        on(async (history) => {
          await history.writeUptime('5m', [
            bucket({ upMs: 1 }),
            bucket({ device: '43042112001320000003', district: '430421', upMs: 2 }),
          ])
          expect((await history.trend({ ...city, scope })).map((row) => row.upMs)).toEqual(
            sum === undefined ? [] : [sum],
          )
        }),
    )

    it('gives the newest values of a measure up to the limit, oldest first', () =>
      on(async (history) => {
        const at = [0, 1, 2, 3].map((n) => point({ at: t0 + n * minute, value: n + 0.25 }))
        await history.writeTelemetry([...at, point({ measure: 'noise', value: 60 })])
        const query = { device: sensor, measure: 'pm25', ...all }
        expect(await history.telemetry({ ...query, limit: 2 })).toEqual(at.slice(2))
        expect(await history.telemetry({ ...query, limit: 10 })).toEqual(at)
      }))

    it('keeps one value of a measure at a time', () =>
      on(async (history) => {
        await history.writeTelemetry([point({ value: 1 })])
        await history.writeTelemetry([point({ value: 2 })])
        const query = { device: sensor, measure: 'pm25', ...all, limit: 10 }
        expect(await history.telemetry(query)).toEqual([point({ value: 2 })])
      }))

    it('answers nothing, not everything, to a device whose name is a query', () =>
      on(async (history) => {
        await history.writeUptime('5m', [bucket()])
        await history.writeTelemetry([point()])
        for (const device of [`x' OR '1'='1`, `x\\' OR 1=1 --`, `x'; DROP MEASUREMENT uptime; --`, `a"b`, 'a\nb']) {
          expect(await history.uptime({ step: '5m', device, ...all })).toEqual([])
          expect(await history.telemetry({ device, measure: `pm25' OR '1'='1`, ...all, limit: 10 })).toEqual([])
        }
        expect(await history.uptime({ step: '5m', device: camera, ...all })).toHaveLength(1)
      }))

    it('takes many at once', () =>
      on(async (history) => {
        const many = Array.from({ length: 12_000 }, (_, n) => bucket({ device: String(n).padStart(20, '0'), upMs: 1 }))
        await history.writeUptime('5m', many)
        expect((await history.trend(city))[0]?.upMs).toBe(12_000)
      }))

    it('takes an empty write', () =>
      on(async (history) => {
        await history.writeUptime('5m', [])
        await history.writeTelemetry([])
      }))
  })
}
