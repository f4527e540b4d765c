/**
 * An InfluxDB 1.x, 2.x or 3: line protocol to write, InfluxQL to read, which all three understand. What is kept equally long lies
 * in one retention policy of 1.x, one bucket of 2.x, one database of 3, each named `<database>/<policy>` on the last two.
 */
import { HubError } from '@hub/contracts'
import { InfluxDB, Point } from '@influxdata/influxdb-client'
import { type Kept, type Measurement, type Row, shapeOf } from '../rows.ts'
import { policyNames } from './policies.ts'

export type InfluxOptions = {
  url: string
  version: 1 | 2 | 3
  database: string
  org?: string
  token?: string
  timeoutMs?: number
}

export type Answer = { tags?: { [tag: string]: string }; columns: string[]; values: (string | number | null)[][] }[]

/** Lines in one request. */
const chunkLines = 5_000

export function createInfluxServer({ url, version, database, org = '', token, timeoutMs = 10_000 }: InfluxOptions) {
  const influx = new InfluxDB({ url, timeout: timeoutMs, ...(token !== undefined && { token }) })
  const db = encodeURIComponent(database)

  /** One statement, in one policy. */
  const query = async (kept: Kept | undefined, statement: string): Promise<Answer> => {
    const path = `/query?db=${db}${kept ? `&rp=${policyNames[kept]}` : ''}&epoch=ms`
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { error, results } = await reachable<{ error?: string; results?: { error?: string; series?: Answer }[] }>(
      () => influx.transport.request(path, `q=${encodeURIComponent(statement)}`, { method: 'POST', headers }),
    )
    const problem = error ?? results?.[0]?.error
    // A server that has not answered the question has not said that there is nothing.
    if (problem !== undefined || !results)
      throw new HubError('history.unavailable', { limit: problem ?? 'no answer to a query' })
    return results[0]?.series ?? []
  }

  const writeKept = async (kept: Kept, rows: readonly Row[]): Promise<void> => {
    for (let at = 0; at < rows.length; at += chunkLines) {
      // The client's own retry buffer is off: it lives in memory and reports success early.
      const api = influx.getWriteApi(org, version === 1 ? database : `${database}/${policyNames[kept]}`, 'ms', {
        batchSize: chunkLines + 1,
        maxBatchBytes: 2 ** 30,
        flushInterval: 0,
        maxRetries: 0,
        gzipThreshold: 4_096,
        // Reported by the error thrown; the client's own logger would print it too.
        writeFailed: (err) => Promise.reject(err),
      })
      if (version === 1) api.path = `/write?db=${db}&rp=${policyNames[kept]}&precision=ms`
      api.writePoints(rows.slice(at, at + chunkLines).map(point))
      await reachable(() => api.flush())
      api.dispose()
    }
  }

  return {
    query,
    /**
     * Resolves when the server has confirmed every row, which is no proof that it keeps them.
     * @throws history.refused when it will not have one of them, however often it is offered
     */
    async write(rows: readonly Row[]): Promise<void> {
      const byPolicy = Map.groupBy(rows, ({ measurement }) => shapeOf(measurement).kept)
      for (const [kept, some] of byPolicy) await writeKept(kept, some)
    },
    version,
    database,
  }
}

function point({ measurement, at, tags, fields }: Row): Point {
  const { fields: types } = shapeOf(measurement)
  const result = new Point(measurement).timestamp(at)
  for (const tag in tags) result.tag(tag, tags[tag]!)
  for (const field in fields)
    if (types[field] === 'int') result.intField(field, fields[field])
    else result.floatField(field, fields[field])
  return result
}

/** Rows of an answer to a SELECT of all fields and tags, without GROUP BY. */
export const rowsOf = (measurement: Measurement, answer: Answer): Row[] => {
  const { tags, fields } = shapeOf(measurement)
  return answer.flatMap(({ columns, values }) => {
    const column = (name: string) => columns.indexOf(name)
    const tagAt = tags.map((tag) => [tag, column(tag)] as const)
    const fieldAt = Object.keys(fields).map((field) => [field, column(field)] as const)
    return values.map((row) => ({
      measurement,
      at: Number(row[0]),
      tags: Object.fromEntries(tagAt.map(([tag, at]) => [tag, String(row[at] ?? '')])),
      fields: Object.fromEntries(fieldAt.map(([field, at]) => [field, Number(row[at])])),
    }))
  })
}

/** The answers that mean: not these points, not in one piece. Of a batch, points that are right may have been stored all the same. */
const refusals = [400, 413, 422]

/** The status with which a server answered; undefined: it did not answer at all. */
export const answeredWith = (err: unknown): number | undefined => {
  const { statusCode } = ((err as Error | null)?.cause ?? {}) as { statusCode?: unknown }
  return typeof statusCode === 'number' ? statusCode : undefined
}

async function reachable<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (err) {
    const message = err instanceof Error ? err.message : String(err)
    const status = (err as { statusCode?: unknown }).statusCode
    const code = refusals.includes(Number(status)) ? 'history.refused' : 'history.unavailable'
    throw new HubError(code, { limit: message.slice(0, 200) }, { cause: err })
  }
}
