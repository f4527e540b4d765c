/** Particulars that are corrected while more becomes known: what an incident is called, where it is, who was hurt. */
import { HubError, type IncidentAct, incidentTypes, limitText } from '@hub/contracts'
import { beyondCityKm, districtAt } from '@hub/core'
import type { Db } from '../tables.ts'
import { appendEntry } from './log.ts'
import { pointOf, type Row } from './rows.ts'
import type { Parts } from './settle.ts'
import type { Act } from './steps.ts'

type Detail = Extract<IncidentAct, { act: 'detail' }>
type Said = { [name: string]: string | number | null }

/** Only what differs is changed and logged. It stays in the district that it was taken in for. @throws HubError `request.invalid` */
export async function changeDetails(
  { audit }: Parts,
  trx: Db,
  row: Row,
  act: Detail,
  { actor, now }: Act,
): Promise<void> {
  const { title, type, address, point, warning, casualties, description } = act
  if (
    type !== undefined &&
    !(incidentTypes[row.class as keyof typeof incidentTypes] as readonly string[]).includes(type)
  )
    throw new HubError('request.invalid', { field: 'type', value: type, limit: limitText('type-of-class') })
  if (point && districtAt(point) === undefined)
    throw new HubError('request.invalid', {
      field: 'point',
      value: `${point.longitude}, ${point.latitude}`,
      limit: limitText('outside-city', { km: beyondCityKm }),
    })
  const wanted = { title, type, address, warning, description, ...casualties, ...point }
  const changed = Object.entries(wanted).filter(
    ([name, value]) => value !== undefined && value !== row[name as keyof Row],
  ) as [keyof Row, string | number | null][]
  if (changed.length === 0) return
  const set = Object.fromEntries(changed)
  await trx.updateTable('incident').set(set).where('id', '=', row.id).execute()
  const detail: Said = { ...set, ...wasOf(row, changed) }
  await appendEntry(trx, row.id, { at: now, actor, kind: 'detail', detail })
  const line = { number: row.number, fields: changed.map(([name]) => name) }
  await audit.append(trx, { at: now, actor, action: 'incident.detail', subject: row.id, detail: line })
}

/** `titleWas`, …: what stood there before; of a place that was none, nothing. */
const wasOf = (row: Row, changed: readonly [keyof Row, unknown][]): Said =>
  Object.fromEntries(
    changed
      .filter(([name]) => pointOf(row) !== null || (name !== 'longitude' && name !== 'latitude'))
      .map(([name]) => [`${name}Was`, row[name]]),
  )
