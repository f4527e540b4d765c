/**
 * History in InfluxDB. Buckets are computed by the hub and overwritten when late data corrects them: no continuous query, no Flux.
 * Attributes are tags, so a device whose attributes changed has several series: the read-back of the journal blanks what it finds
 * under the old tags, and readers leave blanks out.
 */
import type { Scope } from '@hub/contracts'
import type { Keep } from '../keep.ts'
import type { History, TrendRow } from '../port.ts'
import {
  isBlank,
  type Measurement,
  probeRow,
  type Row,
  shapeOf,
  telemetryRow,
  toProbes,
  toTelemetry,
  toUptime,
  uptimeRow,
} from '../rows.ts'
import { coarsest } from '../steps.ts'
import { anyOf, ms, name, oneOf, text } from './influxql.ts'
import { providePolicies } from './policies.ts'
import { createInfluxServer, type InfluxOptions, rowsOf } from './server.ts'

/** What a journal needs of a store beside the History. */
export interface RowStore {
  /** @throws history.unavailable when none or not all may be stored, history.refused when one of them never will be */
  writeRows(rows: readonly Row[]): Promise<void>
  /** All points of these devices in `[from, to]`, under whatever tags. */
  readRows(query: { measurement: Measurement; from: number; to: number; devices: readonly string[] }): Promise<Row[]>
}

/** Connects at the first use: a server that is down makes a call throw `history.unavailable`, and the next call tries again. */
export function openInfluxHistory(options: InfluxOptions & { keep: Keep }): History & RowStore {
  const server = createInfluxServer(options)
  let prepared: Promise<void> | undefined
  const prepare = async (): Promise<void> => {
    if (options.version !== 1) return
    prepared ??= providePolicies(server, options.keep)
    await prepared.catch((err: unknown) => {
      prepared = undefined
      throw err
    })
  }

  const writeRows = async (rows: readonly Row[]): Promise<void> => {
    if (rows.length === 0) return
    await prepare()
    await server.write(rows)
  }
  const read = async (measurement: Measurement, condition: string, tail = ''): Promise<Row[]> => {
    const { kept, fields, tags } = shapeOf(measurement)
    const columns = [...Object.keys(fields), ...tags].map(name).join(', ')
    const answer = await server.query(kept, `SELECT ${columns} FROM ${name(measurement)} WHERE ${condition}${tail}`)
    return rowsOf(measurement, answer)
  }
  const ofDevice = (device: string, from: number, to: number) => `${during(from, to)} AND device = ${text(device)}`

  return {
    writeRows,
    readRows: ({ measurement, from, to, devices }) =>
      read(measurement, `${during(from, to + 1)} AND ${anyOf('device', devices)}`),
    writeUptime: (step, buckets) => writeRows(buckets.map((bucket) => uptimeRow(step, bucket))),
    writeProbes: (step, buckets) => writeRows(buckets.map((bucket) => probeRow(step, bucket))),
    writeTelemetry: (points) => writeRows(points.map(telemetryRow)),
    async trend({ scope, from, to, stepMs, group }) {
      if (scope.length === 0) return []
      const measurement: Measurement = `uptime_${coarsest({ from, to, stepMs })}`
      const steps = `time(${ms(stepMs)}, ${ms(from % stepMs)})`
      const series = await server.query(
        shapeOf(measurement).kept,
        `SELECT sum(up_ms), sum(down_ms), sum(unknown_ms), sum(exempt_ms) FROM ${name(measurement)}
         WHERE ${during(from, to)}${within(scope)}
         GROUP BY ${group === 'city' ? steps : `${steps}, ${name(group)}`} fill(none)`,
      )
      const rows = series.flatMap(({ tags, values }) =>
        values.map(([at, ...sums]): TrendRow => {
          const [upMs, downMs, unknownMs, exemptMs] = sums.map(Number) as [number, number, number, number]
          return { group: tags?.[group] ?? 'city', at: Number(at), upMs, downMs, unknownMs, exemptMs }
        }),
      )
      return rows
        .filter((row) => row.upMs + row.downMs + row.unknownMs + row.exemptMs > 0)
        .sort((a, b) => a.at - b.at || (a.group < b.group ? -1 : 1))
    },
    uptime: async ({ device, step, from, to }) =>
      (await read(`uptime_${step}`, ofDevice(device, from, to))).filter((row) => !isBlank(row)).map(toUptime),
    probes: async ({ device, step, from, to }) =>
      (await read(`probe_${step}`, ofDevice(device, from, to))).filter((row) => !isBlank(row)).map(toProbes),
    async telemetry({ device, measure, from, to, limit }) {
      const condition = `${ofDevice(device, from, to)} AND measure = ${text(measure)}`
      const newest = await read('telemetry', condition, ` ORDER BY time DESC LIMIT ${Math.trunc(limit)}`)
      // The same reading lies twice where its sensor changed district before it was written again.
      return newest
        .filter((row, i) => row.at !== newest[i - 1]?.at)
        .map(toTelemetry)
        .reverse()
    },
    async ready() {
      await prepare()
      await server.query(undefined, 'SHOW MEASUREMENTS LIMIT 1')
    },
    async close() {},
  }
}

const during = (from: number, to: number) => `time >= ${ms(from)} AND time < ${ms(to)}`
const within = (scope: Scope) => (scope === 'city' ? '' : ` AND ${oneOf('district', scope)}`)
