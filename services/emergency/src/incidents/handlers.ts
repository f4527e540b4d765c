/** Incidents over HTTP: listed, counted, one, taken in, acted on; the caller in full; attachments; who is looking. */
import {
  type DistrictCode,
  type GeoPoint,
  HubError,
  type IncidentAct,
  limitText,
  type NearbyCamera,
  type NewIncident,
} from '@hub/contracts'
import { secondMs } from '@hub/core'
import { Download, type Handlers, type RouteDeps, tablesOf, type Viewer } from '@hub/platform'
import { type EmergencyConfig, limitsOf } from '../config.ts'
import type { EmergencyDb } from '../tables.ts'
import { type Actor, actOnIncident } from './acts.ts'
import { addAttachment, readAttachment, storeFile } from './attachments.ts'
import { devicesOf, type ViewsOf } from './cameras.ts'
import { findIncident } from './find.ts'
import { findRow } from './find-row.ts'
import { appendEntry } from './log.ts'
import { openIncident } from './open.ts'
import { placeOf } from './place.ts'
import { createPresence } from './presence.ts'
import { countIncidents, listIncidents } from './queries.ts'
import { pointOf, type Row } from './rows.ts'

type Incidents = Pick<
  Handlers,
  | 'incidents'
  | 'incidentCounts'
  | 'incident'
  | 'openIncident'
  | 'actOnIncident'
  | 'revealCaller'
  | 'attachToIncident'
  | 'incidentAttachment'
  | 'incidentPresence'
>

/** Clocks of those who report differ: so much of the future is now. */
const aheadMs = 60 * secondMs
const presenceMs = 5 * secondMs

/** `start` and `stop`: of the memory of who is looking. */
export function incidentRoutes(deps: RouteDeps<EmergencyConfig>, viewsOf: ViewsOf) {
  const { audit, clock, publishChange } = deps
  const record = tablesOf<EmergencyDb>(deps.record)
  const limits = limitsOf(deps.config)
  const publish = (rows: readonly Pick<Row, 'id' | 'district'>[]) => {
    for (const { id, district } of rows) publishChange({ what: 'incidents', id, districts: [district as DistrictCode] })
  }
  const districts = new Map<string, string>()
  const presence = createPresence((id) => publish([{ id, district: districts.get(id) ?? '' }]))
  let stopForgetting = () => {}

  const find = (db: typeof record.db, { scope }: Pick<Viewer, 'scope'>, id: string) =>
    findIncident(db, scope, id, clock.now(), limits, presence.of(id, clock.now()))

  /** Read before the transaction, which holds the one connection. */
  async function viewsFor({ scope }: Viewer, id: string, act: IncidentAct): Promise<NearbyCamera[]> {
    const moved: GeoPoint | undefined = act.act === 'detail' ? act.point : undefined
    if (act.act !== 'choose-cameras' && !moved) return []
    const row = await findRow(record.db, scope, id)
    if (act.act === 'choose-cameras') return viewsOf(act.devices, pointOf(row))
    return viewsOf(await devicesOf(record.db, id), moved ?? null)
  }

  const handlers: Incidents = {
    incidents: ({ viewer, query }) => listIncidents(record.db, viewer.scope, query, clock.now(), limits),

    incidentCounts: ({ viewer }) => countIncidents(record.db, viewer.scope, clock.now()),

    incident: ({ viewer, params: { id } }) => find(record.db, viewer, id),

    async openIncident({ viewer, body }) {
      const now = clock.now()
      const occurredAt = occurredOf(body, now)
      const place = await placeOf(record.db, viewer.scope, body)
      const { source, reference = null, device = null } = body
      const origin = { source, reference, device, rule: null }
      const input = { ...body, ...place, origin, occurredAt, join: null }
      const incident = await record.transaction(async (trx) => {
        const { id } = await openIncident(deps, trx, input, viewer.user)
        return find(trx, viewer, id)
      })
      publish([incident])
      return incident
    },

    async actOnIncident({ viewer, params: { id }, body }) {
      const views = await viewsFor(viewer, id, body)
      const now = clock.now()
      const by: Actor = { user: viewer.user, scope: viewer.scope, now, limits, views }
      const { changed, incident } = await record.transaction(async (trx) => ({
        changed: await actOnIncident(deps, trx, by, id, body),
        incident: await find(trx, viewer, id),
      }))
      publish(changed)
      return incident
    },

    async revealCaller({ viewer, params: { id }, body: { note } }) {
      const [at, actor] = [clock.now(), viewer.user]
      const row = await record.transaction(async (trx) => {
        const row = await findRow(trx, viewer.scope, id)
        await appendEntry(trx, id, { at, actor, kind: 'reveal', note })
        const detail = { number: row.number, note }
        await audit.append(trx, { at, actor, action: 'incident.reveal', subject: id, detail })
        return row
      })
      publish([row])
      return { name: row.caller_name, phone: row.caller_phone }
    },

    async attachToIncident({ viewer, params: { id }, query: { name }, upload }) {
      const row = await findRow(record.db, viewer.scope, id)
      const stored = await storeFile(deps, await upload())
      const [at, actor] = [clock.now(), viewer.user]
      const incident = await record.transaction(async (trx) => {
        const attachment = await addAttachment(trx, id, stored, name, actor, at)
        const detail = { number: row.number, attachment, sha256: stored.sha256 }
        await audit.append(trx, { at, actor, action: 'incident.attach', subject: id, detail })
        return find(trx, viewer, id)
      })
      publish([incident])
      return incident
    },

    async incidentAttachment({ viewer, params: { id, attachment } }) {
      await findRow(record.db, viewer.scope, id)
      const { name, type, content } = await readAttachment(deps, record.db, id, attachment)
      // A name that somebody has typed goes into no header as it is.
      const ascii = `${attachment}.${type.split('/')[1]}`
      return new Download(type, { full: name, ascii }, content, content.length)
    },

    async incidentPresence({ viewer, params: { id } }) {
      const { district } = await findRow(record.db, viewer.scope, id)
      districts.set(id, district)
      presence.say(id, viewer.user, clock.now())
    },
  }

  return {
    handlers,
    async start() {
      stopForgetting = clock.every(presenceMs, () => presence.forget(clock.now()))
    },
    async stop() {
      stopForgetting()
    },
  }
}

function occurredOf({ occurredAt }: NewIncident, now: number): number {
  if (occurredAt !== undefined && occurredAt > now + aheadMs)
    throw new HubError('request.invalid', {
      field: 'occurredAt',
      value: occurredAt,
      limit: limitText('not-after-now', { now }),
    })
  return Math.min(occurredAt ?? now, now)
}
