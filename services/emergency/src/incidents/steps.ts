/** Steps of the machine as people take them: what the Record keeps of each, in one transaction. */
import {
  HubError,
  type IncidentAct,
  type IncidentStep,
  type IncidentUnit,
  incidentSteps,
  limitText,
} from '@hub/contracts'
import { type IncidentState, type StepAsked, type StepRefusal, takeIncidentStep } from '@hub/core'
import type { Db } from '../tables.ts'
import { appendEntry } from './log.ts'
import { type Row, stateOf } from './rows.ts'
import type { Parts } from './settle.ts'

export type StepAct = Extract<IncidentAct, { act: Exclude<IncidentStep, 'receive'> }>
export type Act = { actor: string; now: number }

export const isStepAct = (act: IncidentAct): act is StepAct => (incidentSteps as readonly string[]).includes(act.act)

/**
 * Run it in a transaction. What a merge or a reopening is about beside the machine is its caller's.
 * @param detail particulars of the step for its line in the log, beside what it says by itself
 * @throws HubError `incident.step` with the steps that are legal, or why not so
 */
export async function takeStep(
  { audit, outbox }: Parts,
  trx: Db,
  row: Row,
  units: readonly IncidentUnit[],
  act: StepAct,
  { actor, now }: Act,
  detail: { [name: string]: string | number | null } = {},
): Promise<IncidentState> {
  const result = takeIncidentStep(stateOf(row, units), askedOf(act), now)
  if (!result.ok) throw refusedStep(act.act, result.refusal)
  const { state } = result
  const lead = state.units.find(({ part }) => part === 'lead')?.unit ?? null
  await trx
    .updateTable('incident')
    .set({ status: state.status, level: state.level, lead, ...timesOf(row, act, now) })
    .where('id', '=', row.id)
    .execute()
  await putUnits(trx, row.id, units, state.units)
  const said = { ...detailOf(row, act), ...detail }
  const note = act.note ?? null
  await appendEntry(trx, row.id, { at: now, actor, kind: 'step', step: act.act, note, detail: said })
  await audit.append(trx, {
    at: now,
    actor,
    action: `incident.${act.act}`,
    subject: row.id,
    detail: { number: row.number, from: row.status, to: state.status, note, ...said },
  })
  await outbox.append(trx, 'incidentMoved', {}, { v: 1, at: now, incident: row.id, opened: false })
  return state
}

/** When each step was taken, for its limits and its review. */
function timesOf(row: Row, { act }: StepAct, now: number): Partial<Row> {
  if (act === 'verify') return { verified_at: now }
  if (act === 'grade') return { graded_at: row.graded_at ?? now }
  if (act === 'end' || act === 'dismiss' || act === 'merge') return { ended_at: now }
  if (act === 'review') return { reviewed_at: now }
  return act === 'reopen' ? { opened_at: now, ended_at: null, reviewed_at: null } : {}
}

function askedOf(act: StepAct): StepAsked {
  switch (act.act) {
    case 'grade':
    case 'escalate':
      return { step: act.act, level: act.level }
    case 'dispatch':
      return { step: act.act, units: act.units }
    case 'sign':
    case 'depart':
    case 'arrive':
      return { step: act.act, unit: act.unit }
    default:
      return { step: act.act }
  }
}

function detailOf(row: Row, act: StepAct): { [name: string]: string | number | null } {
  switch (act.act) {
    case 'grade':
    case 'escalate':
      return { level: act.level, was: row.level }
    case 'dispatch': {
      const lead = act.units.find(({ part }) => part === 'lead')?.unit ?? null
      return { units: act.units.map(({ unit }) => unit).join('、'), lead }
    }
    case 'sign':
    case 'depart':
    case 'arrive':
      return { unit: act.unit }
    case 'report':
      return { to: act.to }
    case 'hand-over':
      return { duty: act.duty, was: row.duty }
    default:
      return {}
  }
}

/** In the reader's language once it is shown. */
export function refusedStep(step: IncidentAct['act'], refusal: StepRefusal): HubError {
  return new HubError('incident.step', { field: 'act', value: step, limit: limitOf(refusal) })
}

function limitOf(refusal: StepRefusal): string {
  switch (refusal.why) {
    case 'not-now':
      return refusal.legal.length === 0
        ? limitText('incident-over')
        : limitText('incident-legal', { legal: refusal.legal.join(', ') })
    case 'level-not-worse':
      return limitText('level-not-worse', { level: refusal.level })
    case 'unit-not-sent':
      return limitText('unit-not-sent', { unit: refusal.unit, units: refusal.units.join('、') })
    case 'unit-not-now':
      return limitText('unit-not-now', { unit: refusal.unit })
    case 'unit-sent-already':
      return limitText('unit-sent-already', { unit: refusal.unit })
    case 'one-lead':
      return limitText('one-lead', { lead: refusal.lead })
  }
}

async function putUnits(trx: Db, incident: string, was: readonly IncidentUnit[], now: readonly IncidentUnit[]) {
  for (const [n, unit] of now.entries()) {
    if (was.includes(unit)) continue
    const times = { signed_at: unit.signedAt, departed_at: unit.departedAt, arrived_at: unit.arrivedAt }
    await trx
      .insertInto('incident_unit')
      .values({
        incident,
        seq: n + 1,
        unit: unit.unit,
        part: unit.part,
        dispatched_at: unit.dispatchedAt,
        ...times,
      })
      .onConflict((on) => on.columns(['incident', 'unit']).doUpdateSet(times))
      .execute()
  }
}
