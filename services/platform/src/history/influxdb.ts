/**
 * History in InfluxDB 1.x, 2.x or 3: line protocol to write, InfluxQL to read, which all three understand. Buckets are
 * computed by the hub and overwritten when late data corrects them: no continuous query, no Flux.
 */
import { HubError, type Scope } from '@hub/contracts'
import { InfluxDB, Point } from '@influxdata/influxdb-client'
import { ms, name, oneOf, text } from './influxql.ts'
import type { History, TelemetryPoint, UptimeBucket } from './port.ts'

export type InfluxOptions = {
  url: string
  version: 1 | 2 | 3
  /** Database of 1.x and 3, bucket of 2.x. 1.x makes it when missing. */
  database: string
  org?: string
  token?: string
  timeoutMs?: number
}

type Series = { tags?: { [tag: string]: string }; columns: string[]; values: (string | number | null)[][] }
type Answer = { results?: { series?: Series[]; error?: string }[]; error?: string }

/** Lines in one request. */
const chunkLines = 5_000

/** Connects at the first use: a server that is down makes a call throw `history.unavailable`, and the next call tries again. */
export function openInfluxHistory(options: InfluxOptions): History {
  const { url, version, database, org = '', token, timeoutMs = 10_000 } = options
  const influx = new InfluxDB({ url, timeout: timeoutMs, ...(token !== undefined && { token }) })
  let prepared: Promise<unknown> | undefined

  const query = async (statement: string): Promise<Series[]> => {
    const path = `/query?db=${encodeURIComponent(database)}&epoch=ms`
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await reachable<Answer>(() =>
      influx.transport.request(path, `q=${encodeURIComponent(statement)}`, { method: 'POST', headers }),
    )
    const problem = answer.error ?? answer.results?.[0]?.error
    if (problem !== undefined) throw new HubError('history.unavailable', { limit: problem })
    return answer.results?.[0]?.series ?? []
  }

  /** 1.x refuses writes to a database that does not exist. */
  const prepare = async (): Promise<void> => {
    if (version !== 1) return
    prepared ??= query(`CREATE DATABASE ${name(database)}`)
    await prepared.catch((err: unknown) => {
      prepared = undefined
      throw err
    })
  }

  /** Resolves when the server has confirmed every point. The client's own retry buffer is off: it lives in memory and reports success early. */
  const write = async (points: readonly Point[]): Promise<void> => {
    if (points.length === 0) return
    await prepare()
    for (let at = 0; at < points.length; at += chunkLines) {
      const lines = points.slice(at, at + chunkLines)
      const api = influx.getWriteApi(org, database, 'ms', {
        ...{ batchSize: chunkLines + 1, maxBatchBytes: 2 ** 30, flushInterval: 0, maxRetries: 0, gzipThreshold: 4_096 },
        // Reported by the error thrown; the client's own logger would print it too.
        writeFailed: (err) => Promise.reject(err),
      })
      if (version === 1) api.path = `/write?db=${encodeURIComponent(database)}&precision=ms`
      api.writePoints([...lines])
      await reachable(() => api.flush())
      api.dispose()
    }
  }

  return {
    writeBuckets: (buckets) => write(buckets.map(bucketPoint)),
    writeTelemetry: (points) => write(points.map(telemetryPoint)),
    async trend({ scope, from, to, stepMs, group }) {
      if (scope.length === 0) return []
      const steps = `time(${ms(stepMs)}, ${ms(from % stepMs)})`
      const series = await query(
        `SELECT sum(up_ms), sum(down_ms), sum(unknown_ms), sum(exempt_ms) FROM uptime
         WHERE ${during(from, to)}${within(scope)}
         GROUP BY ${group === 'city' ? steps : `${steps}, ${name(group)}`} fill(none)`,
      )
      const rows = series.flatMap(({ tags, values }) =>
        values.map(([at, ...sums]) => {
          const [upMs, downMs, unknownMs, exemptMs] = sums.map(Number) as [number, number, number, number]
          return { group: tags?.[group] ?? 'city', at: Number(at), upMs, downMs, unknownMs, exemptMs }
        }),
      )
      return rows.sort((a, b) => a.at - b.at || (a.group < b.group ? -1 : 1))
    },
    async device({ device, from, to }) {
      const series = await query(
        `SELECT up_ms, down_ms, unknown_ms, exempt_ms, probes, p50_ms, p95_ms FROM uptime
         WHERE ${during(from, to)} AND device = ${text(device)} GROUP BY district, application, carrier`,
      )
      return series
        .flatMap(({ tags = {}, values }) => values.map((row) => toBucket(device, tags, row.map(Number))))
        .sort((a, b) => a.at - b.at)
    },
    async telemetry({ device, measure, from, to, limit }) {
      const series = await query(
        `SELECT value FROM telemetry WHERE ${during(from, to)} AND device = ${text(device)}
         AND measure = ${text(measure)} GROUP BY district ORDER BY time DESC LIMIT ${Math.trunc(limit)}`,
      )
      return series
        .flatMap(({ tags, values }) =>
          values.map(([at, value]) => ({
            ...{ device, measure, at: Number(at), district: tags?.district ?? '', value: Number(value) },
          })),
        )
        .reverse()
    },
    async ready() {
      await prepare()
      await query('SHOW MEASUREMENTS LIMIT 1')
    },
    async close() {},
  }
}

const during = (from: number, to: number) => `time >= ${ms(from)} AND time < ${ms(to)}`
const within = (scope: Scope) => (scope === 'city' ? '' : ` AND ${oneOf('district', scope)}`)

/** `-1` stands for no quantile: leaving the field out would let a rewrite keep the old one. */
const none = -1

const bucketPoint = (b: UptimeBucket): Point =>
  new Point('uptime')
    .tag('device', b.device)
    .tag('district', b.district)
    .tag('application', b.application)
    .tag('carrier', b.carrier)
    .intField('up_ms', b.upMs)
    .intField('down_ms', b.downMs)
    .intField('unknown_ms', b.unknownMs)
    .intField('exempt_ms', b.exemptMs)
    .intField('probes', b.probes)
    .floatField('p50_ms', b.p50Ms ?? none)
    .floatField('p95_ms', b.p95Ms ?? none)
    .timestamp(b.at)

const telemetryPoint = (p: TelemetryPoint): Point =>
  new Point('telemetry')
    .tag('device', p.device)
    .tag('district', p.district)
    .tag('measure', p.measure)
    .floatField('value', p.value)
    .timestamp(p.at)

function toBucket(device: string, tags: { [tag: string]: string }, row: number[]): UptimeBucket {
  const [at, upMs, downMs, unknownMs, exemptMs, probes, p50Ms, p95Ms] = row as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const { district = '', application = '', carrier = '' } = tags
  const quantiles = { ...(p50Ms !== none && { p50Ms }), ...(p95Ms !== none && { p95Ms }) }
  return { device, district, application, carrier, at, upMs, downMs, unknownMs, exemptMs, probes, ...quantiles }
}

async function reachable<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (err) {
    const message = err instanceof Error ? err.message : String(err)
    throw new HubError('history.unavailable', { limit: message.slice(0, 200) }, { cause: err })
  }
}
