/** Fault orders as they come in from outside, checked. */
import { HubError, limitText } from '@hub/contracts'
import { eventTopics } from '../camera/events/message.ts'
import type { EventOrder } from '../camera/events/raise.ts'
import { type FaultName, type FaultOrder, type FaultValue, faultNames, type Match, matchKeys } from './fault.ts'

type Fields = Record<string, unknown>
const refuse = (field: string, value: unknown, limit: string): HubError =>
  new HubError('request.invalid', { field, value, limit })
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Throws HubError `request.invalid` that names the field, the value and the limit. */
export function readOrder(input: unknown): FaultOrder {
  const fields = readFields(input, ['match', 'fault', 'forMs', 'value'])
  const fault = readFault(fields.fault)
  const { forMs, value } = fields
  if (forMs !== undefined && !(Number.isSafeInteger(forMs) && (forMs as number) > 0))
    throw refuse('forMs', forMs, 'must be a whole number of milliseconds above 0')
  return {
    match: readMatch(fields.match),
    fault,
    ...(forMs === undefined ? {} : { forMs: forMs as number }),
    ...(value === undefined ? {} : { value: readValue(fault, value) }),
  }
}

/** What DELETE takes: a match, and one fault or all of them. */
export function readClearance(input: unknown): { match: Match; fault?: FaultName } {
  const { match, fault } = readFields(input, ['match', 'fault'])
  return { match: readMatch(match), ...(fault === undefined ? {} : { fault: readFault(fault) }) }
}

/** What POST /events takes. */
export function readEventOrder(input: unknown): EventOrder {
  const { match, topic, active } = readFields(input, ['match', 'topic', 'active'])
  const known = eventTopics.find((name) => name === topic)
  if (!known) throw refuse('topic', topic, `must be one of ${eventTopics.join(', ')}`)
  if (typeof active !== 'boolean') throw refuse('active', active, 'must be true or false')
  return { match: readMatch(match), topic: known, active }
}

function readFields(input: unknown, known: readonly string[]): Fields {
  if (!isFields(input)) throw refuse('body', input, 'must be an object')
  const strange = Object.keys(input).find((key) => !known.includes(key))
  if (strange) throw refuse(strange, 'present', limitText('unknown-key'))
  return input
}

function readFault(value: unknown): FaultName {
  const found = faultNames.find((name) => name === value)
  if (!found) throw refuse('fault', value, `must be one of ${faultNames.join(', ')}`)
  return found
}

function readMatch(value: unknown): Match {
  if (!isFields(value)) throw refuse('match', value, 'must be an object')
  for (const [key, wanted] of Object.entries(value)) {
    if (!matchKeys.some((known) => known === key)) throw refuse(`match.${key}`, wanted, limitText('unknown-key'))
    if (typeof wanted !== 'string') throw refuse(`match.${key}`, wanted, 'must be text')
  }
  return value as Match
}

function readValue(fault: FaultName, value: unknown): FaultValue {
  const number = typeof value === 'number' && Number.isFinite(value) ? value : undefined
  if (fault === 'clock' && number !== undefined && Math.abs(number) <= 4e9) return number
  if (fault === 'babbling' && number !== undefined && number >= 1 && number <= 1_000) return number
  if (fault === 'slow' && (value === 'drip' || (number !== undefined && number >= 0 && number <= 3_600_000)))
    return value as FaultValue
  if (fault === 'password' && typeof value === 'string' && value.length <= 128) return value
  throw refuse('value', value, limits[fault])
}

const limits: Record<FaultName, string> = {
  'power-off': 'takes no value',
  'network-cut': 'takes no value',
  clock: 'must be seconds, at most 4e9 either way',
  password: 'must be text of at most 128 characters',
  slow: 'must be milliseconds from 0 to 3600000, or drip',
  frozen: 'takes no value',
  babbling: 'must be how many times as often, from 1 to 1000',
  malformed: 'takes no value',
}
