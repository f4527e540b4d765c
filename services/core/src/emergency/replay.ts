/** An incident as it was: what came later is taken back, by its log and by the instants that its rows keep. */
import type { Incident, IncidentEntry, IncidentPlan, IncidentReplay, LinkageRun, ReplayChoice } from '@hub/contracts'
import type { IncidentLimits } from './limits.ts'
import { walkIncident } from './walk.ts'

type Log = readonly IncidentEntry[]
/** What is around it is not in its log. */
export type ReplayedIncident = Omit<IncidentReplay, 'cameras' | 'unsaid'>

/** What was done at that instant is included. @param now as it is now, its whole log with it */
export function incidentAt(now: Incident, at: number, limits: IncidentLimits): ReplayedIncident {
  const began = at >= now.acceptedAt
  const { state, times } = walkIncident(now, at, limits)
  const log = now.log.filter((entry) => entry.at <= at)
  const runs = now.runs.filter((run) => run.at <= at).map((run) => runAt(run, at))
  const acknowledged = now.acknowledgedAt !== null && now.acknowledgedAt <= at
  const { id, number, drill, class: kind } = now
  return {
    id,
    number,
    drill,
    class: kind,
    ...particularsAt(now, at),
    at,
    status: began ? state.status : null,
    level: began ? state.level : null,
    acknowledgedAt: acknowledged ? now.acknowledgedAt : null,
    acknowledgedBy: acknowledged ? now.acknowledgedBy : null,
    units: [...state.units],
    chosen: chosenIn(log, runs),
    plan: now.plan && planAt(now.plan, log, at),
    runs,
    attachments: now.attachments.filter((attachment) => attachment.at <= at),
    log,
    times: began ? times : [],
  }
}

/** What was corrected later stands as it stood before. */
function particularsAt(now: Incident, at: number) {
  const { title, type, address, warning, description, district, casualties, duty } = now
  const as: Record<string, unknown> = { title, type, address, warning, description, duty, ...casualties, ...now.point }
  for (const { kind, step, detail } of now.log.filter((entry) => entry.at > at).toReversed()) {
    if (kind === 'step' && step === 'hand-over') as.duty = detail.was
    if (kind !== 'detail') continue
    for (const name of Object.keys(detail)) if (name in as) as[name] = detail[`${name}Was`] ?? null
  }
  const { longitude, latitude, dead, injured, missing, ...rest } = as
  const placed = typeof longitude === 'number' && typeof latitude === 'number'
  return {
    ...(rest as Pick<Incident, 'title' | 'type' | 'address' | 'warning' | 'description' | 'duty'>),
    district,
    casualties: { dead, injured, missing } as Incident['casualties'],
    point: placed ? { longitude, latitude } : null,
  }
}

/** A preset was called by a person, which is in the log, or by a rule, which is in its run. */
function chosenIn(log: Log, runs: readonly LinkageRun[]): ReplayChoice[] {
  const chosen = new Map<string, ReplayChoice>()
  const sent = new Map<string, { at: number; preset: string }>()
  const send = (device: string, at: number, preset: unknown) => {
    if (typeof preset === 'string' && at >= (sent.get(device)?.at ?? 0)) sent.set(device, { at, preset })
  }
  for (const { kind, at, actor, detail } of log) {
    if (kind !== 'camera') continue
    const device = String(detail.device)
    if (detail.act === 'choose')
      chosen.set(device, { device, name: String(detail.name), chosenAt: at, chosenBy: actor, preset: null })
    if (detail.act === 'drop') chosen.delete(device)
    if (detail.act === 'preset') send(device, at, detail.preset)
  }
  for (const { kind, target, state, finishedAt, result } of runs.flatMap(({ actions }) => actions))
    if (kind === 'preset' && target !== null && state === 'done' && finishedAt !== null)
      send(target, finishedAt, result.preset)
  return [...chosen.values()].map((choice) => {
    const last = sent.get(choice.device)
    return { ...choice, preset: last && last.at >= choice.chosenAt ? last.preset : null }
  })
}

function planAt(plan: IncidentPlan, log: Log, at: number): IncidentPlan | null {
  if (plan.startedAt > at) return null
  const said = log.filter(({ kind }) => kind === 'plan').map(({ detail }) => detail)
  const steps = plan.steps.flatMap((step) => {
    if (step.added && !said.some(({ act, seq }) => act === 'add' && seq === step.seq)) return []
    const given = said.findLast(({ act, seq }) => act === 'assign' && seq === step.seq)
    const assignee = (given?.assignee ?? null) as string | null
    if (step.at !== null && step.at <= at) return [{ ...step, assignee }]
    return [{ ...step, assignee, state: 'open' as const, at: null, by: null, note: null }]
  })
  return { ...plan, steps }
}

function runAt(run: LinkageRun, at: number): LinkageRun {
  const actions = run.actions.map((action) => {
    const { startedAt, finishedAt } = action
    if (finishedAt !== null && finishedAt <= at) return action
    const started = startedAt !== null && startedAt <= at
    return {
      ...action,
      state: started ? ('running' as const) : ('waiting' as const),
      // How often it had been tried by then is not kept.
      attempts: Number(started),
      startedAt: started ? startedAt : null,
      finishedAt: null,
      reason: null,
      result: {},
    }
  })
  const over = actions.every(({ finishedAt }) => finishedAt !== null)
  return { ...run, state: over ? run.state : 'running', actions }
}
