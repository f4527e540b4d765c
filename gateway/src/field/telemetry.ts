/**
 * What a sensor's message says. Pure: bytes in, measurements and faults out. Whatever can be used is used: a message with a fault in it
 * still shows that its sensor lives.
 */
import { Instant, type Measure, measures, type Reason } from '@hub/contracts'
import { readJson } from '../json.ts'
import { readNearlyJson } from './nearly-json.ts'

/** What is wrong: where, and which limit it breaks. */
export type Fault = {
  field: string
  value: unknown
  limit: string
  reason: Extract<Reason, 'malformed' | 'out-of-range'>
}
/** `at`: the sensor's clock, UTC ms; null when it does not say. Faulty values are left out of `values`; the good ones beside them stay. */
export type Reading = { at: number | null; values: Partial<Record<Measure, number>>; faults: Fault[] }

/** A telemetry message has at most ten measures: anything larger is no telemetry. */
export const payloadLimit = 4_096
/** Faults of one message that are told one by one. */
const faultsTold = 10

export function readTelemetry(payload: Uint8Array): Reading {
  const reading: Reading = { at: null, values: {}, faults: [] }
  const fault = (field: string, value: unknown, limit: string, reason: Fault['reason'] = 'malformed') => {
    if (reading.faults.length < faultsTold) reading.faults.push({ field, value, limit, reason })
  }
  if (payload.length > payloadLimit) {
    fault('body', payload.length, `must be at most ${payloadLimit} bytes`)
    return reading
  }
  const strict = readJson(payload)
  const input = strict ?? readNearlyJson(payload)
  if (strict === undefined) fault('body', undefined, 'must be JSON')
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    if (strict !== undefined) fault('body', input, 'must be an object')
    return reading
  }
  const { at, values, ...others } = input as Record<string, unknown>
  for (const key of Object.keys(others)) fault(key.slice(0, 32), others[key], 'unknown key')

  const instant = typeof at === 'number' ? Math.round(at) : Number.NaN
  if (Instant.safeParse(instant).success) reading.at = instant
  if (reading.at === null || instant !== at) fault('at', at, 'must be a whole number of UTC milliseconds')

  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    fault('values', values, 'must be an object')
    return reading
  }
  const named = Object.entries(values)
  if (named.length === 0) fault('values', values, 'must hold at least one value')
  for (const [name, value] of named) {
    const broken = brokenLimit(name, value)
    if (broken) fault(`values.${name.slice(0, 32)}`, value, ...broken)
    else reading.values[name as Measure] = value as number
  }
  return reading
}

/** The limit that a value breaks; undefined when it is plausible. */
function brokenLimit(name: string, value: unknown): [limit: string, reason: Fault['reason']] | undefined {
  if (!Object.hasOwn(measures, name)) return ['unknown measure', 'malformed']
  const { min, max, unit } = measures[name as Measure]
  if (typeof value !== 'number') return ['must be a number', 'malformed']
  return value < min || value > max ? [`must be ${min} to ${max} ${unit}`, 'out-of-range'] : undefined
}
