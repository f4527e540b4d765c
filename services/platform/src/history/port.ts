/**
 * The History port: uptime buckets, probe figures and telemetry. Writes are idempotent: the same device, measurement and time
 * overwrite, whatever attributes the device had when it was written before.
 */
import type { DeviceId, Scope } from '@hub/contracts'
import type { ProbeStep, Step } from './steps.ts'

/** What series are grouped by, as it was when they were written. */
export type Series = { device: DeviceId; district: string; application: string; carrier: string }

/** Time of one device in one bucket: the due part of it in four kinds, milliseconds. One of no time at all withdraws what was written. */
export type UptimeBucket = Series & {
  /** Start: a multiple of the step (of `1d`: midnight in the city). */
  at: number
  upMs: number
  downMs: number
  unknownMs: number
  exemptMs: number
}

/** How the probes of one device in one bucket went. Apart from the time, which corrections change when the probes are long gone. */
export type ProbeBucket = Series & {
  at: number
  probes: number
  /** Median and 95th percentile of the probe time, milliseconds; absent when no probe took a known time. */
  p50Ms?: number
  p95Ms?: number
  /** Median of the offsets of the device's clock, milliseconds; absent when it was not asked. */
  clockOffsetMs?: number
}

export type TelemetryPoint = { device: DeviceId; district: string; measure: string; at: number; value: number }

export type TrendGroup = 'city' | 'district' | 'application' | 'carrier'
export type TrendRow = { group: string; at: number; upMs: number; downMs: number; unknownMs: number; exemptMs: number }

export interface History {
  writeUptime(step: Step, buckets: readonly UptimeBucket[]): Promise<void>
  writeProbes(step: ProbeStep, buckets: readonly ProbeBucket[]): Promise<void>
  writeTelemetry(points: readonly TelemetryPoint[]): Promise<void>
  /**
   * Sums over `[from, to)` in steps (a multiple of five minutes), oldest first, from the coarsest buckets that fit them.
   * `group: 'city'` has the one key `city`.
   */
  trend(query: { scope: Scope; from: number; to: number; stepMs: number; group: TrendGroup }): Promise<TrendRow[]>
  /** Buckets of one device, oldest first. */
  uptime(query: { device: DeviceId; step: Step; from: number; to: number }): Promise<UptimeBucket[]>
  probes(query: { device: DeviceId; step: ProbeStep; from: number; to: number }): Promise<ProbeBucket[]>
  /** Values of one measure of one device, oldest first, at most `limit` newest ones. */
  telemetry(query: {
    device: DeviceId
    measure: string
    from: number
    to: number
    limit: number
  }): Promise<TelemetryPoint[]>
  /** Throws `history.unavailable` when the store cannot answer now, `history.stale` when it lacks what was written a while ago. */
  ready(): Promise<void>
  close(): Promise<void>
}
