/**
 * A run begins: its row and those of its actions. What an action does in the Record it does at once, in the same transaction; what goes out
 * of the hub waits here, with its key, for the runner.
 */
import { createHash, randomUUID } from 'node:crypto'
import {
  type ActionKind,
  type DistrictCode,
  type GeoPoint,
  HubError,
  type LinkageAction,
  type NearbyCamera,
  type SkipReason,
} from '@hub/contracts'
import { isOfUse, secondMs } from '@hub/core'
import type { Deps } from '@hub/platform'
import { sql } from 'kysely'
import { sendAlert } from '../cap/send.ts'
import type { EmergencyConfig } from '../config.ts'
import { chooseCameras } from '../incidents/cameras.ts'
import { findRow } from '../incidents/find-row.ts'
import { hub } from '../incidents/log.ts'
import { openIncident } from '../incidents/open.ts'
import { requestWorkOrder } from '../incidents/work-orders.ts'
import type { Nearby } from '../nearby/index.ts'
import { startPlan } from '../plans/bind.ts'
import { findPlan } from '../plans/store.ts'
import type { Trx } from './db.ts'
import { requestNotification } from './notify.ts'
import type { KeptRule } from './rules.ts'
import type { Said } from './stimuli.ts'
import type { LinkageActionTable } from './tables.ts'

export type RunDeps = Pick<Deps<EmergencyConfig>, 'audit' | 'clock' | 'config' | 'outbox'>
export type Begun = {
  id: string
  rule: string
  incident: string | null
  districts: DistrictCode[]
}

/** What the actions before have come to. */
type Context = {
  run: string
  rule: KeptRule
  said: Said
  at: number
  incident: string | null
  point: GeoPoint | null
  cameras: NearbyCamera[]
}
type Result = Record<string, string | number | boolean | null>
type Outcome = { state: 'done'; result: Result } | { state: 'skipped'; reason: SkipReason }
/** On what an action goes out: a camera, a field device. */
type Target = { id: string; name: string | null; result?: Result }

/** Of an incident each action is done once, whichever run asks for it: alarms that join it do not sound the siren again. */
export const actionKey = (...parts: readonly (string | number)[]): string => {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex')
  // A UUID of version 8: what it is made of is our own affair (RFC 9562 5.8).
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** In the transaction of the consumer. One of a drill is a dry one: nothing sounds and nobody is called out. */
export async function beginRun(deps: RunDeps, nearby: Nearby, trx: Trx, rule: KeptRule, said: Said): Promise<Begun> {
  const at = deps.clock.now()
  const run = randomUUID()
  const dry = rule.state !== 'on' || (said.incident?.drill ?? false)
  const { point } = said
  await trx
    .insertInto('linkage_run')
    .values({
      id: run,
      rule: rule.id,
      version: rule.version,
      rule_name: rule.draft.name,
      dry: Number(dry),
      incident: null,
      district: said.districts[0] ?? null,
      state: 'running',
      at,
      trigger: JSON.stringify(triggerOf(said)),
    })
    .execute()
  const context: Context = { run, rule, said, at, point, incident: said.incident?.id ?? null, cameras: [] }
  for (const [n, action] of rule.draft.actions.entries()) {
    if (dry)
      await putAction(trx, context, n + 1, action, { id: '', name: null }, { state: 'skipped', reason: 'dry-run' })
    else await beginAction(deps, nearby, trx, context, n + 1, action)
  }
  const isOpen = await trx
    .selectFrom('linkage_action')
    .select('seq')
    .where('run', '=', run)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  await trx
    .updateTable('linkage_run')
    .set({ state: isOpen ? 'running' : 'finished', incident: dry ? null : context.incident })
    .where('id', '=', run)
    .execute()
  return { id: run, rule: rule.id, incident: dry ? null : context.incident, districts: [...said.districts] }
}

export const triggerOf = ({ at, device, deviceName, what }: Said) => ({
  at,
  device,
  deviceName,
  measure: what.kind === 'measure' ? what.measure : null,
  value: what.kind === 'measure' ? what.value : what.kind === 'outage' ? what.members : null,
  event: what.kind === 'event' ? what.topic : what.kind === 'measure' ? null : what.kind,
})

/** One that cannot be done leaves no trace but its row, and the others go on. */
async function beginAction(
  deps: RunDeps,
  nearby: Nearby,
  trx: Trx,
  context: Context,
  seq: number,
  action: LinkageAction,
): Promise<void> {
  const own: Target = { id: '', name: null }
  if (context.incident === null && action.kind !== 'open-incident')
    return putAction(trx, context, seq, action, own, { state: 'skipped', reason: 'no-incident' })
  const targets = targetsOf(nearby, context, action)
  if (typeof targets === 'string')
    return putAction(trx, context, seq, action, own, { state: 'skipped', reason: targets })
  if (targets) {
    for (const target of targets) {
      const before = await isDoneBefore(trx, keyOf(context, seq, action, target.id))
      await putAction(trx, context, seq, action, target, before ? { state: 'skipped', reason: 'done-before' } : null)
    }
    return
  }
  if (isOnceOnly(action.kind) && (await isDoneBefore(trx, keyOf(context, seq, action, ''))))
    return putAction(trx, context, seq, action, own, { state: 'skipped', reason: 'done-before' })
  await sql`SAVEPOINT action`.execute(trx)
  try {
    const outcome = await act(deps, nearby, trx, context, seq, action)
    await sql`RELEASE action`.execute(trx)
    await putAction(trx, context, seq, action, own, outcome)
  } catch (err) {
    await sql`ROLLBACK TO action`.execute(trx)
    await sql`RELEASE action`.execute(trx)
    const reason = err instanceof HubError ? err.code : 'internal'
    await putAction(trx, context, seq, action, own, { state: 'failed', reason })
  }
}

const isOnceOnly = (kind: ActionKind) => kind === 'notify' || kind === 'work-order' || kind === 'plan' || kind === 'cap'

/** Of an action that goes out: on what; or why it cannot. Undefined: it is done here. */
function targetsOf(
  nearby: Nearby,
  { cameras, point }: Context,
  action: LinkageAction,
): Target[] | SkipReason | undefined {
  const named = ({ device, name }: NearbyCamera): Target => ({ id: device, name })
  switch (action.kind) {
    case 'preset': {
      if (cameras.length === 0) return 'no-camera'
      const turning = cameras.filter(({ view }) => view.turns)
      const bearing = (camera: NearbyCamera) => ({ bearing: point ? Math.round(camera.bearing) : null })
      return turning.length > 0
        ? turning.map((camera) => ({ ...named(camera), result: bearing(camera) }))
        : 'no-camera-turns'
    }
    case 'snapshots':
      return cameras.length > 0 ? cameras.map(named) : 'no-camera'
    case 'field-command':
      return [{ id: action.device, name: nearby.inventory.device(action.device)?.name ?? null }]
    case 'record':
      return 'no-recording'
    default:
      return undefined
  }
}

/** What is done in the Record. */
async function act(
  deps: RunDeps,
  nearby: Nearby,
  trx: Trx,
  context: Context,
  seq: number,
  action: LinkageAction,
): Promise<Outcome> {
  const { rule, said, at, point, run } = context
  const incident = context.incident!
  switch (action.kind) {
    case 'open-incident': {
      const { title, level, joinMetres, joinMinutes } = action
      const opened = await openIncident(
        deps,
        trx,
        {
          drill: false,
          title,
          class: action.class,
          type: action.type,
          ...(level !== null && { level }),
          origin: { source: sourceOf(said), reference: run, device: said.device, rule: rule.id },
          district: said.districts[0]!,
          address: said.address ?? '',
          point,
          occurredAt: said.at,
          join: joinMetres > 0 && joinMinutes > 0 ? { metres: joinMetres, minutes: joinMinutes } : null,
        },
        hub,
      )
      context.incident = opened.id
      return { state: 'done', result: { number: opened.number, joined: !opened.opened } }
    }
    case 'choose-cameras': {
      if (!point) return { state: 'skipped', reason: 'no-camera' }
      const near = await nearby.at(point, { radius: action.radius, limit: action.most * 8 }, trx)
      const chosen = near.filter(isOfUse).slice(0, action.most)
      if (chosen.length === 0) return { state: 'skipped', reason: 'no-camera' }
      await chooseCameras(trx, incident, chosen, hub, at)
      context.cameras = chosen
      return { state: 'done', result: { cameras: chosen.length, nearestMetres: Math.round(chosen[0]!.metres) } }
    }
    case 'notify':
      await requestNotification(deps, trx, incident, action.importance, at)
      return { state: 'done', result: { importance: action.importance } }
    case 'work-order': {
      const key = keyOf(context, seq, action, '')
      const devices = said.device === null ? [] : [said.device]
      await requestWorkOrder(deps, trx, incident, { key, unit: action.unit, devices, note: null }, hub, at)
      return { state: 'done', result: { order: key } }
    }
    case 'cap': {
      if (!deps.config.emergency.cap.sender) return { state: 'skipped', reason: 'no-cap' }
      const row = await findRow(trx, 'city', incident)
      const sent = await sendAlert(deps, trx, row, { key: keyOf(context, seq, action, '') }, hub)
      return { state: 'done', result: { msgType: sent.msg_type, identifier: sent.identifier } }
    }
    case 'plan': {
      const plan = await findPlan(trx, action.plan)
      await startPlan(trx, incident, plan, hub, at)
      return { state: 'done', result: { plan: plan.name } }
    }
    default:
      throw new HubError('internal', { value: action.kind })
  }
}

const sourceOf = ({ what }: Said) =>
  what.kind === 'measure' ? ('sensor' as const) : what.kind === 'event' ? ('camera' as const) : ('outage' as const)

const keyOf = ({ incident, rule, run }: Context, seq: number, { kind }: LinkageAction, target: string): string =>
  actionKey(kind === 'open-incident' || kind === 'choose-cameras' ? run : incident!, rule.id, rule.version, seq, target)

async function isDoneBefore(trx: Trx, key: string): Promise<boolean> {
  const row = await trx
    .selectFrom('linkage_action')
    .select('run')
    .where('key', '=', key)
    .where('state', 'in', ['waiting', 'running', 'done'])
    .executeTakeFirst()
  return row !== undefined
}

/** @param outcome null: it waits for the runner */
async function putAction(
  trx: Trx,
  context: Context,
  seq: number,
  asked: LinkageAction,
  { id, name, result = {} }: Target,
  outcome: Outcome | { state: 'failed'; reason: string } | null,
): Promise<void> {
  const { at, run } = context
  const row: LinkageActionTable = {
    run,
    seq,
    target: id,
    target_name: name,
    kind: asked.kind,
    asked: JSON.stringify(asked),
    state: outcome?.state ?? 'waiting',
    key: context.incident === null ? actionKey(run, seq, id) : keyOf(context, seq, asked, id),
    attempts: outcome && outcome.state !== 'skipped' ? 1 : 0,
    retries: asked.retries,
    next_at: at,
    started_at: outcome && outcome.state !== 'skipped' ? at : null,
    finished_at: outcome ? at : null,
    deadline: at + asked.deadlineSeconds * secondMs,
    reason: outcome && outcome.state !== 'done' ? outcome.reason : null,
    result: JSON.stringify(outcome?.state === 'done' ? outcome.result : result),
  }
  await trx.insertInto('linkage_action').values(row).execute()
}
