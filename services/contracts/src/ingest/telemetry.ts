/** What a sensor publishes at its gateway's field broker. */

import { z } from 'zod'
import type { Application } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { limitText } from '../errors/limits.ts'

/** Every measure a sensor may report: unit, and the range outside which the value is refused as implausible. */
export const measures = {
  pm25: { unit: 'µg/m³', min: 0, max: 2_000, application: 'environment', zh: 'PM2.5', en: 'PM2.5' },
  noise: { unit: 'dB(A)', min: 0, max: 160, application: 'environment', zh: '噪声', en: 'Noise' },
  vehicles: { unit: '辆/min', min: 0, max: 600, application: 'traffic', zh: '车流量', en: 'Vehicles' },
  speed: { unit: 'km/h', min: 0, max: 250, application: 'traffic', zh: '平均车速', en: 'Mean speed' },
  tilt: { unit: '°', min: -180, max: 180, application: 'urban', zh: '井盖倾角', en: 'Cover tilt' },
  bin_fill: { unit: '%', min: 0, max: 100, application: 'urban', zh: '垃圾满溢', en: 'Bin fill' },
  water_level: { unit: 'm', min: -10, max: 50, application: 'emergency', zh: '积水水位', en: 'Water level' },
  smoke: { unit: '%/m', min: 0, max: 100, application: 'emergency', zh: '烟雾浓度', en: 'Smoke' },
  cabinet_temp: { unit: '°C', min: -60, max: 120, application: 'safe-city', zh: '机箱温度', en: 'Cabinet temperature' },
  mains: { unit: 'V', min: 0, max: 500, application: 'safe-city', zh: '市电电压', en: 'Mains voltage' },
} as const satisfies Record<
  string,
  { unit: string; min: number; max: number; application: Application; zh: string; en: string }
>
export type Measure = keyof typeof measures
export const measureNames = Object.keys(measures) as [Measure, ...Measure[]]

/** `field/v1/{device}/telemetry`, QoS 1, not retained. `at` is the sensor's clock: kept for clock offset, never trusted for order. */
export const Telemetry = z.strictObject({
  at: Instant,
  values: z
    .partialRecord(z.enum(measureNames), z.number())
    .refine((v) => Object.keys(v).length > 0, limitText('one-value')),
})
export type Telemetry = z.infer<typeof Telemetry>

/** `field/v1/{device}/status`: `online` after connecting, `offline` as the will. Presence, not health. */
export const FieldStatus = z.strictObject({ status: z.enum(['online', 'offline']) })
export type FieldStatus = z.infer<typeof FieldStatus>
