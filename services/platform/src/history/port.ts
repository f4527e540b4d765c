/** The History port: uptime buckets, probe figures and telemetry. Writes are idempotent: the same series and time overwrite. */
import type { DeviceId, Scope } from '@hub/contracts'

/** Five minutes of one device. The four kinds of time add up to the due part of the bucket, in milliseconds. */
export type UptimeBucket = {
  device: DeviceId
  district: string
  application: string
  carrier: string
  /** Start, a multiple of `bucketMs`. */
  at: number
  upMs: number
  downMs: number
  unknownMs: number
  exemptMs: number
  probes: number
  /** Median and 95th percentile of the probe time, milliseconds; absent when nothing was probed. */
  p50Ms?: number
  p95Ms?: number
}

export type TelemetryPoint = { device: DeviceId; district: string; measure: string; at: number; value: number }

export const bucketMs = 300_000

export type TrendGroup = 'city' | 'district' | 'application' | 'carrier'
export type TrendRow = { group: string; at: number; upMs: number; downMs: number; unknownMs: number; exemptMs: number }

export interface History {
  writeBuckets(buckets: readonly UptimeBucket[]): Promise<void>
  writeTelemetry(points: readonly TelemetryPoint[]): Promise<void>
  /** Sums over `[from, to)` in steps (a multiple of `bucketMs`), oldest first. `group: 'city'` has the one key `city`. */
  trend(query: { scope: Scope; from: number; to: number; stepMs: number; group: TrendGroup }): Promise<TrendRow[]>
  /** Buckets of one device, oldest first. */
  device(query: { device: DeviceId; from: number; to: number }): Promise<UptimeBucket[]>
  /** Values of one measure of one device, oldest first, at most `limit` newest ones. */
  telemetry(query: {
    device: DeviceId
    measure: string
    from: number
    to: number
    limit: number
  }): Promise<TelemetryPoint[]>
  /** Throws `history.unavailable` when the store cannot answer now. */
  ready(): Promise<void>
  close(): Promise<void>
}
