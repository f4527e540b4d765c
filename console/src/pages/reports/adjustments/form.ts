/** The form of an exemption or a correction, and the request that it stands for. Times are the city's. Pure. */
import type {
  AdjustmentKind,
  AdjustmentRequest,
  AdjustmentScope,
  Application,
  Carrier,
  CountedState,
  DeviceKind,
  DistrictCode,
} from '@hub/contracts'
import { dayMs } from '@hub/core'
import { instantOf, windowMinutes } from '../../../lib/city-time.ts'

export const repetitions = ['once', 'daily', 'weekly', 'monthly'] as const
export type Repetition = (typeof repetitions)[number]

export type AdjustmentForm = {
  kind: AdjustmentKind
  /** Of a correction. */
  countAs: Exclude<CountedState, 'exempt'>
  by: AdjustmentScope['by']
  /** Device codes, pole numbers or feeds, as typed or pasted: separated by lines, commas or semicolons; codes by spaces too. */
  typed: string
  districts: DistrictCode[]
  carriers: Carrier[]
  applications: Application[]
  deviceKind: DeviceKind | ''
  /** `2026-11-21T14:30`. */
  from: string
  to: string
  repeats: Repetition
  /** 1 Monday … 7 Sunday. */
  weekdays: number[]
  /** `1, 15`. */
  monthDays: string
  /** `HH:mm`; a window that ends at or before its start ends on the next day. */
  start: string
  end: string
  reason: string
  applicant: string
  /** Of a `record`: what it was; '' leaves a thing as it is. */
  change: {
    due: '' | 'due' | 'not-due'
    carrier: Carrier | ''
    application: Application | ''
    project: string
    maintainer: string
  }
  evidence: string
}

export type FormField =
  | 'change'
  | 'evidence'
  | 'scope'
  | 'from'
  | 'to'
  | 'weekdays'
  | 'monthDays'
  | 'window'
  | 'reason'
  | 'applicant'
/** The word of what is wrong: `adjust.wrong.…` in the catalogue. */
export type FormProblem =
  | 'none-named'
  | 'not-codes'
  | 'too-many'
  | 'too-long'
  | 'no-time'
  | 'not-after'
  | 'five-years'
  | 'no-days'
  | 'not-days'
  | 'no-window'
  | 'empty'
  | 'nothing-said'
  | 'not-past'
export type FormProblems = Partial<Record<FormField, FormProblem>>

const longestMs = 5 * 366 * dayMs
const mostValues = 5_000

export const emptyForm = (applicant = ''): AdjustmentForm => ({
  kind: 'exemption',
  countAs: 'up',
  by: 'devices',
  typed: '',
  districts: [],
  carriers: [],
  applications: [],
  deviceKind: '',
  from: '',
  to: '',
  repeats: 'once',
  weekdays: [],
  monthDays: '',
  start: '09:00',
  end: '17:00',
  reason: '',
  applicant,
  change: { due: '', carrier: '', application: '', project: '', maintainer: '' },
  evidence: '',
})

/** The request, or what is wrong with which field. Everything that is wrong is named at once. */
export function requestOf(
  form: AdjustmentForm,
  now: number,
): { request: AdjustmentRequest } | { problems: FormProblems } {
  const problems: FormProblems = {}
  const values = valuesOf(form)
  const wrongScope = problemOfValues(form.by, values)
  if (wrongScope) problems.scope = wrongScope

  const from = instantOf(form.from)
  const to = instantOf(form.to)
  if (from === null) problems.from = 'no-time'
  if (to === null) problems.to = 'no-time'
  else if (from !== null && to <= from) problems.to = 'not-after'
  else if (from !== null && to - from > longestMs) problems.to = 'five-years'

  const recurrence = form.kind === 'exemption' ? recurrenceOf(form, problems) : undefined
  const reason = form.reason.trim()
  const applicant = form.applicant.trim()
  if (!reason) problems.reason = 'empty'
  else if (reason.length > 512) problems.reason = 'too-long'
  if (!applicant) problems.applicant = 'empty'
  else if (applicant.length > 128) problems.applicant = 'too-long'

  const change = form.kind === 'record' ? changeOf(form) : undefined
  const evidence = form.evidence.trim()
  if (change) {
    if (Object.keys(change).length === 0) problems.change = 'nothing-said'
    if (to !== null && to > now) problems.to = 'not-past'
    if (!evidence) problems.evidence = 'empty'
    else if (evidence.length > 512) problems.evidence = 'too-long'
  }

  if (Object.keys(problems).length > 0 || from === null || to === null) return { problems }
  return {
    request: {
      kind: form.kind,
      ...(change ? { change, evidence } : { countAs: form.kind === 'exemption' ? 'exempt' : form.countAs }),
      scope: scopeOf(form, values),
      from,
      to,
      ...(recurrence ? { recurrence } : {}),
      reason,
      applicant,
    },
  }
}

function changeOf({ change: { due, ...fields } }: AdjustmentForm): NonNullable<AdjustmentRequest['change']> {
  const said = Object.entries(fields)
    .map(([field, value]) => [field, value.trim()] as const)
    .filter(([, value]) => value !== '')
  return { ...Object.fromEntries(said), ...(due && { due: due === 'due' }) }
}

function valuesOf(form: AdjustmentForm): string[] {
  if (form.by === 'district') return form.districts
  // Names of poles and feeds may hold spaces; codes may not.
  const between = form.by === 'devices' ? /[\s,，;；、]+/ : /[\n,，;；、]+/
  return [...new Set(form.typed.split(between).map((value) => value.trim()))].filter(Boolean)
}

function problemOfValues(by: AdjustmentScope['by'], values: readonly string[]): FormProblem | null {
  if (values.length === 0) return 'none-named'
  if (values.length > mostValues) return 'too-many'
  if (by === 'devices' && !values.every((value) => /^\d{20}$/.test(value))) return 'not-codes'
  return values.some((value) => value.length > 64) ? 'too-long' : null
}

const scopeOf = (form: AdjustmentForm, values: string[]): AdjustmentScope => ({
  by: form.by,
  values,
  ...(form.carriers.length ? { carriers: form.carriers } : {}),
  ...(form.applications.length ? { applications: form.applications } : {}),
  ...(form.deviceKind ? { kind: form.deviceKind } : {}),
})

function recurrenceOf(form: AdjustmentForm, problems: FormProblems): AdjustmentRequest['recurrence'] {
  if (form.repeats === 'once') return undefined
  const minutes = windowMinutes(form.start, form.end)
  if (minutes === null) problems.window = 'no-window'
  const window = { start: form.start, minutes: minutes ?? 0 }
  if (form.repeats === 'weekly') {
    if (form.weekdays.length === 0) problems.weekdays = 'no-days'
    return { weekdays: form.weekdays.toSorted((a, b) => a - b), ...window }
  }
  if (form.repeats === 'monthly') {
    const days = daysOf(form.monthDays)
    if (days.length === 0) problems.monthDays = 'no-days'
    else if (days.some((day) => !Number.isInteger(day) || day < 1 || day > 31)) problems.monthDays = 'not-days'
    return { monthDays: days, ...window }
  }
  return window
}

const daysOf = (typed: string): number[] =>
  [
    ...new Set(
      typed
        .split(/[\s,，;；、]+/)
        .filter(Boolean)
        .map(Number),
    ),
  ].sort((a, b) => a - b)
