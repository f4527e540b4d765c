/**
 * Linkage rules: whether what was measured or noticed sets a rule off. Each rule has a memory for each subject: the sensor or camera, the
 * outage, the incident. Times are event times: what came late is judged by when it was.
 */
import type { GeoPoint, LinkageTrigger, RuleDraft } from '@hub/contracts'
import { secondMs } from '../common/time/units.ts'
import { inRing } from './geometry.ts'
import { inSchedule } from './schedule.ts'

/** What may set a rule off, and where it was. */
export type Stimulus = {
  at: number
  device: string | null
  districts: readonly string[]
  application: string | null
  point: GeoPoint | null
  what:
    | { kind: 'measure'; measure: string; value: number }
    | { kind: 'event'; topic: string; active: boolean }
    | { kind: 'outage'; members: number }
    | { kind: 'incident'; class: string; type: string; level: number | null; source: string }
}

/** What a rule keeps of one subject. */
export type RuleMemory = {
  /** Since when the value is beyond the threshold; null: it is not. */
  since: number | null
  /** It fired, and the value has not come back since. */
  fired: boolean
  firedAt: number | null
  /** Of the last sample: one of before says nothing more. */
  lastAt: number | null
}
export const freshMemory: RuleMemory = { since: null, fired: false, firedAt: null, lastAt: null }

/** Whether it keeps nothing but when something came last. */
export const isFresh = ({ since, fired, firedAt }: RuleMemory): boolean => since === null && !fired && firedAt === null

export type Evaluated = { state: RuleMemory; fired: boolean /** Too late to act on. */; late: boolean }

/** @param latest older than this nothing acts, ms */
export function evaluate(
  rule: Pick<RuleDraft, 'when' | 'where' | 'schedule' | 'restSeconds'>,
  state: RuleMemory,
  sample: Stimulus,
  now: number,
  latest: number,
): Evaluated {
  if (!concerns(rule, sample)) return { state, fired: false, late: false }
  if (now - sample.at > latest) return { state, fired: false, late: true }
  if (state.lastAt !== null && sample.at < state.lastAt) return { state, fired: false, late: false }
  const known = remembered(rule.when, state, sample)
  const fires =
    isDue(rule.when, known, sample) &&
    (known.firedAt === null || sample.at >= known.firedAt + rule.restSeconds * secondMs) &&
    (rule.schedule === null || inSchedule(rule.schedule, sample.at))
  return { state: fires ? { ...known, fired: true, firedAt: sample.at } : known, fired: fires, late: false }
}

/** Whether the rule is about things of this kind, there. */
export function concerns({ when, where }: Pick<RuleDraft, 'when' | 'where'>, sample: Stimulus): boolean {
  const { what } = sample
  if (what.kind !== when.kind || (when.kind === 'measure' && what.kind === 'measure' && what.measure !== when.measure))
    return false
  const { districts, devices, area, applications } = where
  if (districts && !sample.districts.some((code) => (districts as readonly string[]).includes(code))) return false
  if (devices && (sample.device === null || !devices.includes(sample.device))) return false
  if (applications && (sample.application === null || !applications.includes(sample.application))) return false
  return !area || (sample.point !== null && inRing(area, sample.point))
}

/** The memory with the sample in it, before anything fires. */
function remembered(when: LinkageTrigger, state: RuleMemory, { at, what }: Stimulus): RuleMemory {
  const seen = { ...state, lastAt: at }
  if (when.kind !== 'measure' || what.kind !== 'measure') return seen
  const { value } = what
  const sign = when.compare === 'above' ? 1 : -1
  const beyond = sign * (value - when.threshold) > 0
  const back = sign * (value - when.threshold) <= -when.hysteresis
  return { ...seen, since: beyond ? (state.since ?? at) : null, fired: state.fired && !back }
}

/** Whether it fires, were it not for rest and schedule. */
function isDue(when: LinkageTrigger, state: RuleMemory, { at, what }: Stimulus): boolean {
  switch (when.kind) {
    case 'measure':
      return !state.fired && state.since !== null && at - state.since >= when.holdSeconds * secondMs
    case 'event':
      return what.kind === 'event' && what.active && (when.topics as readonly string[]).includes(what.topic)
    case 'outage':
      // Of one outage or incident once: it is told of again at each change.
      return !state.fired && what.kind === 'outage' && what.members >= when.members
    case 'incident':
      return !state.fired && what.kind === 'incident' && matches(when, what)
  }
}

type IncidentTrigger = Extract<LinkageTrigger, { kind: 'incident' }>
function matches(when: IncidentTrigger, what: Extract<Stimulus['what'], { kind: 'incident' }>): boolean {
  const among = (wanted: readonly string[] | undefined, value: string) => wanted?.includes(value) ?? true
  return (
    among(when.classes, what.class) &&
    among(when.types, what.type) &&
    among(when.sources, what.source) &&
    (when.level === undefined || (what.level !== null && what.level <= when.level))
  )
}

/** The storm guard: whether one more run is too many. @param lastHour runs of the rule in the hour before */
export const isHeldBack = ({ mostPerHour }: Pick<RuleDraft, 'mostPerHour'>, lastHour: number): boolean =>
  lastHour >= mostPerHour
