/** Takes alerts in: an Alert opens or joins an incident; what updates or cancels it goes to the same one. Each is taken once. */
import {
  type CapAlert,
  type CapMsgType,
  type CapReceipt,
  type DistrictCode,
  incidentTypes,
  limitText,
  type Scope,
} from '@hub/contracts'
import {
  beyondCityKm,
  type CapReference,
  capChains,
  capColourOf,
  capFaults,
  capPlace,
  capTypeOf,
  classOfType,
  doubtfulPlaces,
  minuteMs,
  ownInfo,
  plainLines,
  plainText,
  referencesOf,
  referenceText,
} from '@hub/core'
import { changeDetails } from '../incidents/details.ts'
import { findRow } from '../incidents/find-row.ts'
import { appendEntry } from '../incidents/log.ts'
import { type OpenDeps, openIncident } from '../incidents/open.ts'
import type { Row } from '../incidents/rows.ts'
import { isOver } from '../incidents/statuses.ts'
import type { Db } from '../tables.ts'
import { readAlert } from './document.ts'
import { type CapRow, findMessage, linkOf, messagesOf, putMessage, receiptOf } from './store.ts'
import { refused } from './xml.ts'

/** Clocks differ: so much of the future is now. */
const aheadMs = 5 * minuteMs

export type By = { user: string; scope: Scope }
type Taken = { receipt: CapReceipt; districts: DistrictCode[] }

/** What one may say without a look at the Record. @throws HubError `request.invalid` */
export function requireAlert(bytes: Uint8Array, now: number): CapAlert {
  const alert = readAlert(bytes)
  const [fault] = capFaults(alert)
  if (fault) throw refused(fault.field, fault.value, fault.limit)
  const { sent, status, msgType, info = [] } = alert
  if (Date.parse(sent) > now + aheadMs) throw refused('sent', sent, limitText('cap-ahead'))
  for (const [field, value, taken] of [
    ['status', status, ['Actual', 'Exercise']],
    ['msgType', msgType, ['Alert', 'Update', 'Cancel']],
  ] as const)
    if (!(taken as readonly string[]).includes(value))
      throw refused(field, value, limitText('cap-no-incident', { values: taken.join(', ') }))
  if (msgType !== 'Cancel' && info.length === 0) throw refused('info', undefined, limitText('cap-needed'))
  return alert
}

/** Run it in a transaction. @throws HubError `request.invalid`, `incident.unknown` */
export async function takeAlert(deps: OpenDeps, trx: Db, by: By, alert: CapAlert, document: string): Promise<Taken> {
  const known = await findMessage(trx, alert)
  if (known) {
    const { number } = await findRow(trx, by.scope, known.incident)
    return { receipt: receiptOf(known, number), districts: [] }
  }
  if (alert.sender === deps.config.emergency.cap.sender?.id)
    throw refused('sender', alert.sender, limitText('cap-own-sender'))
  const earlier = alert.msgType === 'Alert' ? undefined : await earlierOf(trx, alert)
  const id = earlier ? await intoOf(trx, earlier.incident) : await openFor(deps, trx, by, alert)
  const row = await findRow(trx, by.scope, id)
  const at = deps.clock.now()
  const doubtful = doubtfulPlaces(alert)
  const message = { incident: id, direction: 'in', key: null, alert, document, doubtful, at, by: by.user } as const
  const put = await putMessage(trx, message)
  await logMessage(deps, trx, row, put)
  if (earlier) await changeFor(deps, trx, row, put, alert)
  return { receipt: receiptOf(put, row.number), districts: [row.district as DistrictCode] }
}

/** What it refers to, as far as it was taken in. Undefined: an Update of what never came here, which is as good as an Alert. */
async function earlierOf(trx: Db, alert: CapAlert): Promise<CapRow | undefined> {
  const references = referencesOf(alert) ?? []
  const foreign = references.find(({ sender }) => sender !== alert.sender)
  if (foreign) throw refused('references', referenceText(foreign), limitText('cap-reference-other'))
  let found: CapRow | undefined
  for (const reference of references) found ??= await findIn(trx, reference)
  if (!found && alert.msgType === 'Cancel')
    throw refused('references', alert.references ?? '', limitText('cap-reference-unknown'))
  const status = found?.exercise === 1 ? 'Exercise' : 'Actual'
  if (found && status !== alert.status) throw refused('status', alert.status, limitText('cap-other-status', { status }))
  return found
}

async function findIn(trx: Db, reference: CapReference): Promise<CapRow | undefined> {
  const row = await findMessage(trx, reference)
  return row?.direction === 'in' ? row : undefined
}

/** One that was merged is the other's. */
async function intoOf(trx: Db, incident: string): Promise<string> {
  for (let id = incident; ; ) {
    const { merged_into: into } = await trx
      .selectFrom('incident')
      .select('merged_into')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (into === null) return id
    id = into
  }
}

async function openFor(deps: OpenDeps, trx: Db, by: By, alert: CapAlert): Promise<string> {
  const now = deps.clock.now()
  const place = capPlace(alert)
  const info = ownInfo(alert)!
  const area = info.area?.[0]?.areaDesc ?? ''
  if (!place) throw refused('info.area', area, limitText('outside-city', { km: beyondCityKm }))
  if (by.scope !== 'city' && !by.scope.includes(place.district))
    throw refused('info.area', place.district, limitText('not-in-districts'))
  const type = capTypeOf(alert)
  const warning = capColourOf(alert)
  const sentAt = Math.min(Date.parse(alert.sent), now)
  const input = {
    drill: alert.status === 'Exercise',
    title: plainText(info.headline || info.event).slice(0, 120),
    class: classOfType(incidentTypes, type),
    type,
    ...(warning && { warning }),
    description: descriptionOf(alert),
    origin: { source: 'cap' as const, reference: referenceText(alert), device: null, rule: null },
    district: place.district,
    point: place.point,
    address: plainText(area).slice(0, 256),
    occurredAt: info.onset === undefined ? sentAt : Math.min(Date.parse(info.onset), now),
    reportedAt: sentAt,
    join: deps.config.emergency.cap.join,
  }
  return (await openIncident(deps, trx, input, by.user)).id
}

const descriptionOf = (alert: CapAlert): string => {
  const info = ownInfo(alert)
  return plainLines([info?.description, info?.instruction].filter(Boolean).join('\n')).slice(0, 4_000)
}

export async function logMessage(
  { audit }: Pick<OpenDeps, 'audit'>,
  trx: Db,
  { id, number }: Pick<Row, 'id' | 'number'>,
  { id: message, direction, msg_type: msgType, sender, identifier, headline, at, by }: CapRow,
): Promise<void> {
  const detail = { direction, msgType, sender, identifier, message, headline }
  await appendEntry(trx, id, { at, actor: by, kind: 'cap', detail })
  const line = { number, direction, msgType, sender, identifier }
  await audit.append(trx, { at, actor: by, action: 'incident.cap', subject: id, detail: line })
}

/** What an Update says now is the incident's, if the alert was the incident's, and nothing later was said. */
async function changeFor(deps: OpenDeps, trx: Db, row: Row, put: CapRow, alert: CapAlert): Promise<void> {
  if ((alert.msgType as CapMsgType) !== 'Update' || isOver(row.status) || row.source !== 'cap') return
  const chains = capChains((await messagesOf(trx, row.id, 'in')).map(linkOf))
  const own = chains.find(({ messages }) => messages.at(-1)!.row.id === put.id)
  if (!own?.messages.some(({ name }) => name === row.reference)) return
  const description = descriptionOf(alert)
  const warning = capColourOf(alert)
  const act = { act: 'detail', ...(warning && { warning }), ...(description && { description }) } as const
  await changeDetails(deps, trx, row, act, { actor: put.by, now: put.at })
}
