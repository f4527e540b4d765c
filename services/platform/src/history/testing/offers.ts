/** Writes as the hub makes them, by a seed, and what a store must hold in the end: of each point what was written last. */
import type { History } from '../port.ts'
import { type Row, telemetryRow, uptimeRow } from '../rows.ts'
import { bucketMs } from '../steps.ts'

const t0 = 1_800_000_000_000

export function createOffers(seed: number) {
  let state = seed
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const expected = new Map<string, Row>()
  const expect = (row: Row) => expected.set(`${row.measurement} ${row.at} ${row.tags.device} ${row.tags.measure}`, row)
  const carriers = ['telecom', 'mobile', 'unicom'] as const

  return {
    expected,
    /** Some buckets, of which some are rewritten, some after their device went to another carrier; and some readings. */
    async offer(history: History, rows: number): Promise<void> {
      const series = () => ({
        device: `4304051200132${String(random(2_000)).padStart(7, '0')}`,
        district: '430405',
        application: 'safe-city',
        carrier: carriers[random(8)] ?? 'telecom',
      })
      const buckets = Array.from({ length: rows }, () => {
        const upMs = random(bucketMs)
        return {
          ...series(),
          at: t0 + random(24) * bucketMs,
          upMs,
          downMs: 0,
          unknownMs: bucketMs - upMs,
          exemptMs: 0,
        }
      })
      const points = Array.from({ length: rows >> 2 }, () => ({
        device: `4304051200119${String(random(50)).padStart(7, '0')}`,
        district: '430405',
        measure: 'pm25',
        at: t0 + random(600) * 1_000,
        value: random(1_000) / 4,
      }))
      await history.writeUptime('5m', buckets)
      await history.writeTelemetry(points)
      for (const bucket of buckets) expect(uptimeRow('5m', bucket))
      for (const point of points) expect(telemetryRow(point))
    },
  }
}

/** All that a server holds, blanks left out, in the words of `expected`. */
export async function heldBy(
  influxd: { ask(database: string, policy: string, statement: string): Promise<(string | number | null)[][]> },
  database: string,
): Promise<Map<string, string>> {
  const held = new Map<string, string>()
  const add = (key: string, value: string) => held.set(key, held.has(key) ? `twice: ${held.get(key)}, ${value}` : value)
  const uptime = 'SELECT device, carrier, up_ms, unknown_ms FROM uptime_5m'
  for (const [at, device, carrier, up, unknown] of await influxd.ask(database, 'five_minutes', uptime))
    if (Number(up) + Number(unknown) > 0) add(`uptime_5m ${at} ${device} undefined`, `${carrier} ${up}`)
  for (const [at, device, measure, value] of await influxd.ask(
    database,
    'telemetry',
    'SELECT device, measure, value FROM telemetry',
  ))
    add(`telemetry ${at} ${device} ${measure}`, `${value}`)
  return held
}

export const inWords = (expected: ReadonlyMap<string, Row>): Map<string, string> =>
  new Map(
    [...expected].map(([key, { tags, fields }]) => [
      key,
      fields.value === undefined ? `${tags.carrier} ${fields.up_ms}` : `${fields.value}`,
    ]),
  )
