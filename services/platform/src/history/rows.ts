/**
 * The measurements of a time-series store: the one place that names them, their tags and their fields. What the hub writes, reads
 * back and draws (infra/grafana) is built from here. Never a tag: addresses, firmware, texts of errors.
 */
import type { ProbeBucket, TelemetryPoint, UptimeBucket } from './port.ts'
import { bucketMs, type ProbeStep, type Step, stepMs } from './steps.ts'

type FieldType = 'int' | 'float'
/** Which of the durations of the configuration holds. */
export type Kept = 'fiveMinutes' | 'hours' | 'days' | 'telemetry'
type Shape = {
  kept: Kept
  /** Tags that, with the time, say what a point is about: of a point there is one. The others say how it is grouped. */
  identity: readonly string[]
  tags: readonly string[]
  fields: Readonly<Record<string, FieldType>>
  /** Values of a point that stands for nothing, written over one that was left under other tags; none where a point is itself only. */
  blank?: Readonly<Record<string, number>>
  /** Times that are read back together, ms. */
  window: number
}

const series = { identity: ['device'], tags: ['device', 'district', 'application', 'carrier'] }
const uptime = {
  ...series,
  fields: { up_ms: 'int', down_ms: 'int', unknown_ms: 'int', exempt_ms: 'int' },
  blank: { up_ms: 0, down_ms: 0, unknown_ms: 0, exempt_ms: 0 },
} as const
/** A field left out would let a rewrite keep the old one: −1 stands for no quantile, `clocks` 0 for no offset. */
const probe = {
  ...series,
  fields: { probes: 'int', p50_ms: 'float', p95_ms: 'float', clocks: 'int', clock_offset_ms: 'float' },
  blank: { probes: 0, p50_ms: -1, p95_ms: -1, clocks: 0, clock_offset_ms: 0 },
} as const

export const measurements = {
  uptime_5m: { ...uptime, kept: 'fiveMinutes', window: 12 * bucketMs },
  uptime_1h: { ...uptime, kept: 'hours', window: 24 * stepMs['1h'] },
  uptime_1d: { ...uptime, kept: 'days', window: 30 * stepMs['1d'] },
  probe_5m: { ...probe, kept: 'fiveMinutes', window: 12 * bucketMs },
  probe_1h: { ...probe, kept: 'hours', window: 24 * stepMs['1h'] },
  telemetry: {
    kept: 'telemetry',
    identity: ['device', 'measure'],
    tags: ['device', 'district', 'measure'],
    fields: { value: 'float' },
    window: 3 * bucketMs,
  },
} as const satisfies Record<string, Shape>
export type Measurement = keyof typeof measurements
export const shapeOf = (measurement: Measurement): Shape => measurements[measurement]

/** A point as a time-series store has it. */
export type Row = {
  measurement: Measurement
  at: number
  tags: Record<string, string>
  fields: Record<string, number>
}

export const isBlank = ({ measurement, fields }: Row): boolean => {
  const { blank } = shapeOf(measurement)
  return blank !== undefined && Object.entries(blank).every(([field, value]) => fields[field] === value)
}

export const uptimeRow = (step: Step, b: UptimeBucket): Row => ({
  measurement: `uptime_${step}`,
  at: b.at,
  tags: { device: b.device, district: b.district, application: b.application, carrier: b.carrier },
  fields: { up_ms: b.upMs, down_ms: b.downMs, unknown_ms: b.unknownMs, exempt_ms: b.exemptMs },
})
export const toUptime = ({ at, tags, fields }: Row): UptimeBucket => ({
  ...seriesOf(tags),
  at,
  upMs: fields.up_ms!,
  downMs: fields.down_ms!,
  unknownMs: fields.unknown_ms!,
  exemptMs: fields.exempt_ms!,
})

export const probeRow = (step: ProbeStep, b: ProbeBucket): Row => ({
  measurement: `probe_${step}`,
  at: b.at,
  tags: { device: b.device, district: b.district, application: b.application, carrier: b.carrier },
  fields: {
    probes: b.probes,
    p50_ms: b.p50Ms ?? -1,
    p95_ms: b.p95Ms ?? -1,
    clocks: b.clockOffsetMs === undefined ? 0 : 1,
    clock_offset_ms: b.clockOffsetMs ?? 0,
  },
})
export const toProbes = ({ at, tags, fields }: Row): ProbeBucket => ({
  ...seriesOf(tags),
  at,
  probes: fields.probes!,
  ...(fields.p50_ms !== -1 && { p50Ms: fields.p50_ms! }),
  ...(fields.p95_ms !== -1 && { p95Ms: fields.p95_ms! }),
  ...(fields.clocks !== 0 && { clockOffsetMs: fields.clock_offset_ms! }),
})

export const telemetryRow = ({ device, district, measure, at, value }: TelemetryPoint): Row => ({
  measurement: 'telemetry',
  at,
  tags: { device, district, measure },
  fields: { value },
})
export const toTelemetry = ({ at, tags, fields }: Row): TelemetryPoint => ({
  device: tags.device!,
  district: tags.district!,
  measure: tags.measure!,
  at,
  value: fields.value!,
})

const seriesOf = (tags: Row['tags']) => ({
  device: tags.device!,
  district: tags.district!,
  application: tags.application!,
  carrier: tags.carrier!,
})
