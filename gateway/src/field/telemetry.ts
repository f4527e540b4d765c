/** What a sensor's message says. Pure: bytes in, measurements and faults out. */
import { firstIssue, HubError, Instant, type Measure, measures } from '@hub/contracts'
import { z } from 'zod'
import { readJson } from '../json.ts'

/** A value that cannot be: which, and which limit it breaks. */
export type Fault = { field: string; value: unknown; limit: string }
/** `at` is the sensor's clock, UTC ms. Faulty values are left out of `values`; the good ones beside them stay. */
export type Reading = { at: number; values: Partial<Record<Measure, number>>; faults: Fault[] }

/** A telemetry message has at most ten measures: anything larger is no telemetry. */
export const payloadLimit = 4_096

/** The envelope of `Telemetry`; its values are judged one by one. */
const Envelope = z.strictObject({
  at: Instant,
  values: z
    .record(z.string(), z.unknown())
    .refine((values) => Object.keys(values).length > 0, 'must hold at least one value'),
})

/** @throws HubError payload.invalid when the message as a whole cannot be read; `value` is `telemetry`. */
export function readTelemetry(payload: Uint8Array): Reading {
  const refuse = (fault: Fault) => new HubError('payload.invalid', { ...fault, value: 'telemetry' })
  if (payload.length > payloadLimit)
    throw refuse({ field: 'body', value: payload.length, limit: `must be at most ${payloadLimit} bytes` })
  const input = readJson(payload)
  if (input === undefined) throw refuse({ field: 'body', value: undefined, limit: 'must be JSON' })
  const envelope = Envelope.safeParse(input)
  if (!envelope.success) throw refuse(firstIssue(envelope.error, input))

  const reading: Reading = { at: envelope.data.at, values: {}, faults: [] }
  for (const [name, value] of Object.entries(envelope.data.values)) {
    const limit = broken(name, value)
    if (limit) reading.faults.push({ field: `values.${name.slice(0, 32)}`, value, limit })
    else reading.values[name as Measure] = value as number
  }
  return reading
}

/** The limit that a value breaks; undefined when it is plausible. */
function broken(name: string, value: unknown): string | undefined {
  if (!Object.hasOwn(measures, name)) return 'unknown measure'
  const { min, max, unit } = measures[name as Measure]
  if (typeof value !== 'number') return 'must be a number'
  return value < min || value > max ? `must be ${min} to ${max} ${unit}` : undefined
}
