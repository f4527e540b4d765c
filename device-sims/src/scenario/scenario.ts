/** Scenario files: a seeded fleet and a timeline of faults in virtual time. */
import { HubError, limitText } from '@hub/contracts'
import { parseDocument } from 'yaml'
import type { FaultOrder } from '../faults/fault.ts'
import { readOrder } from '../faults/order.ts'
import type { FleetOptions } from '../fleet/generate.ts'
import { parseDuration } from './duration.ts'

export type Step = {
  /** Milliseconds after the start. */
  at: number
  order: FaultOrder
  /** Of the devices that match, so many, picked by the seed; absent: all. */
  count?: number
  /** Each begins within so many milliseconds after `at`, by the seed; absent: all at once. */
  spread: number
}

export type Scenario = {
  fleet: FleetOptions
  /** Virtual time of the first moment, UTC milliseconds; undefined: the moment it is played. */
  start: number | undefined
  /** Milliseconds; the ground truth ends here. */
  lasts: number
  steps: Step[]
}

type Fields = Record<string, unknown>
const refuse = (field: string, value: unknown, limit: string): HubError =>
  new HubError('config.invalid', { field, value, limit })

/** Throws HubError: `config.unreadable` for what is no YAML, `config.invalid` with the field for the rest. */
export function readScenario(text: string, name: string): Scenario {
  const document = parseDocument(text)
  const fault = document.errors[0]
  if (fault) throw new HubError('config.unreadable', { value: name, limit: fault.message.split('\n')[0]! })
  const top = fields('scenario', document.toJS(), ['fleet', 'start', 'lasts', 'timeline'])
  const fleet = fields('fleet', top.fleet, ['seed', 'cameras', 'sensors', 'net', 'quirksPercent'])
  if (!Array.isArray(top.timeline)) throw refuse('timeline', top.timeline, 'must be a list')
  return {
    fleet: {
      seed: whole('fleet.seed', fleet.seed, 4_294_967_295),
      cameras: whole('fleet.cameras', fleet.cameras, 100_000),
      sensors: whole('fleet.sensors', fleet.sensors ?? 0, 100_000),
      quirksPercent: whole('fleet.quirksPercent', fleet.quirksPercent ?? 0, 100),
      ...(fleet.net === undefined ? {} : { net: whole('fleet.net', fleet.net, 243) }),
    },
    start: readStart(top.start),
    lasts: span('lasts', top.lasts),
    steps: top.timeline.map(readStep),
  }
}

function readStep(input: unknown, n: number): Step {
  const at = `timeline.${n}`
  const step = fields(at, input, ['at', 'match', 'fault', 'for', 'value', 'count', 'spread'])
  const { match, fault, value } = step
  return {
    at: step.at === 0 ? 0 : span(`${at}.at`, step.at),
    order: within(at, () =>
      readOrder({
        match: match ?? {},
        fault,
        ...(step.for === undefined ? {} : { forMs: span('for', step.for) }),
        ...(value === undefined ? {} : { value }),
      }),
    ),
    ...(step.count === undefined ? {} : { count: whole(`${at}.count`, step.count, 100_000) }),
    spread: step.spread === undefined ? 0 : span(`${at}.spread`, step.spread),
  }
}

/** An error of an order, with the step's place put before its field. */
function within<T>(at: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    throw new HubError('config.invalid', { ...error.params, field: `${at}.${error.params.field}` })
  }
}

function fields(field: string, value: unknown, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse(field, value, 'must be a mapping')
  const strange = Object.keys(value).find((key) => !known.includes(key))
  if (strange) throw refuse(`${field}.${strange}`, 'present', limitText('unknown-key'))
  return value as Fields
}

function whole(field: string, value: unknown, most: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most) return value as number
  throw refuse(field, value, `must be a whole number from 0 to ${most}`)
}

function span(field: string, value: unknown): number {
  const ms = typeof value === 'string' ? parseDuration(value) : undefined
  if (ms === undefined) throw refuse(field, value, 'must be a duration such as 90s, 15m, 2h')
  return ms
}

function readStart(value: unknown): number | undefined {
  if (value === undefined || value === 'now') return undefined
  const at = typeof value === 'string' && /Z$|[+-]\d\d:\d\d$/.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(at))
    throw refuse('start', value, 'must be now, or a time with its zone such as 2026-03-01T08:00:00+08:00')
  return at
}
