/** Linkage rules and their runs over HTTP, and a person's own call of a preset. */
import { randomUUID } from 'node:crypto'
import { type GatewayId, HubError, limitText, type RuleDraft } from '@hub/contracts'
import { secondMs } from '@hub/core'
import { type Handlers, type RouteDeps, tablesOf, type Viewer } from '@hub/platform'
import { type EmergencyConfig, limitsOf } from '../config.ts'
import { chosenCameras, notChosen } from '../incidents/cameras.ts'
import { findIncident } from '../incidents/find.ts'
import { findRow } from '../incidents/find-row.ts'
import { appendEntry } from '../incidents/log.ts'
import type { Send } from './action.ts'
import type { LinkageDb } from './db.ts'
import { goTo, presetsOf } from './perform.ts'
import { rehearse } from './rehearse.ts'
import { findRule, listRules, putRule, switchRule } from './rules.ts'
import { listRuns } from './runs.ts'

type Linkage = Pick<
  Handlers,
  | 'linkageRules'
  | 'createLinkageRule'
  | 'changeLinkageRule'
  | 'switchLinkageRule'
  | 'rehearseLinkageRule'
  | 'linkageRuns'
  | 'presetForIncident'
>

/** A person waits for a camera to arrive. */
const presetMs = 15 * secondMs

export function linkageHandlers(deps: RouteDeps<EmergencyConfig>): Linkage {
  const { audit, clock, commands, publishChange } = deps
  const record = tablesOf<LinkageDb>(deps.record)
  const changed = (id: string) => publishChange({ what: 'linkage', id, districts: 'city' })

  const write = async ({ user, scope }: Viewer, id: string | null, draft: RuleDraft) => {
    requireWithin(scope, draft)
    const at = clock.now()
    const rule = await record.transaction(async (trx) => {
      if (id !== null) requireWithin(scope, (await findRule(trx, id, at)).draft)
      const put = await putRule(trx, id, draft, user, at)
      const action = id === null ? 'linkage-rule.create' : 'linkage-rule.change'
      await audit.append(trx, { at, actor: user, action, subject: put, detail: { name: draft.name } })
      return findRule(trx, put, at)
    })
    changed(rule.id)
    return rule
  }

  return {
    async linkageRules() {
      const asOf = clock.now()
      return { asOf, rules: await listRules(record.db, asOf) }
    },
    createLinkageRule: ({ viewer, body }) => write(viewer, null, body),
    changeLinkageRule: ({ viewer, params: { id }, body }) => write(viewer, id, body),

    async switchLinkageRule({ viewer: { user, scope }, params: { id }, body: { state } }) {
      const at = clock.now()
      const rule = await record.transaction(async (trx) => {
        requireWithin(scope, (await findRule(trx, id, at)).draft)
        await switchRule(trx, id, state, at)
        await audit.append(trx, { at, actor: user, action: 'linkage-rule.switch', subject: id, detail: { state } })
        return findRule(trx, id, at)
      })
      changed(id)
      return rule
    },

    rehearseLinkageRule: ({ viewer, body: { draft, days }, gone }) => rehearse(deps, viewer.scope, draft, days, gone),

    async linkageRuns({ viewer, query }) {
      return { asOf: clock.now(), runs: await listRuns(record.db, viewer.scope, query) }
    },

    async presetForIncident({ viewer, params: { id }, body: { device, token } }) {
      const { district } = await findRow(record.db, viewer.scope, id)
      const camera = (await chosenCameras(record.db, id)).find((chosen) => chosen.device === device)
      if (!camera) throw notChosen(device)
      const bound = await record.db
        .selectFrom('gateways_binding')
        .select('gateway')
        .where('device', '=', device)
        .executeTakeFirst()
      if (!bound) throw new HubError('command.failed', { field: 'ptz-goto', limit: limitText('no-gateway') })
      const send: Send = (name, more = {}) => commands.send(bound.gateway as GatewayId, { name, device, ...more })
      const preset = (await presetsOf(send)).find((one) => one.token === token)
      if (!preset)
        throw new HubError('request.invalid', { field: 'token', value: token, limit: limitText('no-preset') })
      const turn = { incident: id, device, key: randomUUID(), deadline: clock.now() + presetMs }
      const gone = await goTo(deps, send, turn, preset)
      if (!gone.ok) throw new HubError('command.failed', { field: 'ptz-goto', limit: limitText('still-moving') })
      const at = clock.now()
      const incident = await record.transaction(async (trx) => {
        await gone.write?.(trx, at)
        const detail = { act: 'preset', device, name: camera.name, preset: preset.name }
        await appendEntry(trx, id, { at, actor: viewer.user, kind: 'camera', detail })
        await audit.append(trx, {
          at,
          actor: viewer.user,
          action: 'incident.preset',
          subject: id,
          detail: { device, token },
        })
        return findIncident(trx, viewer.scope, id, at, limitsOf(deps.config), [])
      })
      publishChange({ what: 'incidents', id, districts: [district as never] })
      return incident
    },
  }
}

/** Whoever answers for some districts writes rules for these alone. @throws HubError `request.invalid` */
function requireWithin(scope: Viewer['scope'], { where: { districts } }: RuleDraft): void {
  if (scope === 'city') return
  const foreign = districts?.find((code) => !scope.includes(code))
  if (districts && !foreign) return
  throw new HubError('request.invalid', {
    field: 'where.districts',
    value: foreign,
    limit: limitText(foreign ? 'not-in-districts' : 'needed-districts'),
  })
}
