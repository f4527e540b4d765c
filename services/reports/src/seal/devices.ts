/** What a card's figures are made of, device by device: due windows, the four times, the attributes that they were grouped and judged by. */
import type { Adjustment, Scorecard } from '@hub/contracts'
import { type AdjustableDevice, coverage, intersectSpans, monthSpan, type Span } from '@hub/core'
import type { Uptime } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { ReportsData } from '../tables.ts'

/** Ids of one query. */
const asked = 500

export type SealedDevice = Awaited<ReturnType<typeof sealedDevices>>['devices'][number]

/** The month of a card, as far as it was over when its figures were made. */
export function periodOf({ month, asOf }: Pick<Scorecard, 'month' | 'asOf'>): Span {
  const { from, to } = monthSpan(month)
  return { from, to: Math.min(to, asOf) }
}

/** In the order of their codes, with the attributes of the last of their tenures that count for the card; and all these. Times in milliseconds. */
export async function sealedDevices(db: Kysely<ReportsData>, uptime: Pick<Uptime, 'by'>, card: Scorecard) {
  const { kind, key } = card.subject
  const filter = kind === 'carrier' ? { carrier: [key] } : { district: [key] }
  const period = periodOf(card)
  const rows = await uptime.by({ scope: 'city', filter, ...period, now: card.asOf, by: ['device'] })
  const ids = rows.map((row) => row.key.device!)
  const found: Tenure[] = []
  for (let i = 0; i < ids.length; i += asked) found.push(...(await tenuresOf(db, ids.slice(i, i + asked))))
  const tenures = found.filter((one) => one[kind] === key && dueIn(one, period).length > 0)
  const stretches = Map.groupBy(tenures, ({ id }) => id)
  const devices = rows.flatMap(({ key: { device }, up, down, unknown, exempt }) => {
    const own = stretches.get(device!)
    if (!own) return []
    const { valid_from: _, in_service_from, in_service_to, point_type: pointType, kind: type, ...last } = own.at(-1)!
    const due = { dueFrom: own[0]!.in_service_from, dueTo: in_service_to }
    const notDue = own.slice(1).flatMap((next, i) => {
      const gap = { from: own[i]!.in_service_to!, to: next.in_service_from! }
      return gap.from < gap.to ? [gap] : []
    })
    return [{ ...last, kind: type, pointType, ...due, ...(notDue.length > 0 && { notDue }), up, down, unknown, exempt }]
  })
  return { devices: devices.sort((a, b) => (a.id < b.id ? -1 : 1)), tenures }
}

type Tenure = Awaited<ReturnType<typeof tenuresOf>>[number]

const tenuresOf = (db: Kysely<ReportsData>, ids: readonly string[]) =>
  db
    .selectFrom('registry_tenure as tenure')
    .innerJoin('registry_device as device', 'device.id', 'tenure.id')
    .select(['tenure.id', 'name', 'tenure.district', 'tenure.kind', 'tenure.application', 'tenure.carrier'])
    .select(['tenure.point_type', 'tenure.project', 'tenure.zone', 'tenure.maintainer', 'tenure.stage', 'tenure.pole'])
    .select(['tenure.feed', 'tenure.in_service_from', 'tenure.in_service_to', 'valid_from'])
    .where('tenure.id', 'in', ids)
    .orderBy('tenure.id')
    .orderBy('valid_from')
    .execute()

function dueIn({ in_service_from: from, in_service_to: to }: Tenure, period: Span): Span[] {
  return from === null ? [] : intersectSpans([period], [{ from, to: to ?? period.to }])
}

/** The approved ones that say something of one of the devices in the period, with who asked for them, who approved them, and when. */
export async function sealedAdjustments(
  uptime: Pick<Uptime, 'listAdjustments'>,
  devices: readonly AdjustableDevice[],
  { from, to }: Span,
): Promise<Adjustment[]> {
  const approved = await uptime.listAdjustments('city', { status: 'approved' })
  return approved.filter((one) => one.from < to && one.to > from && devices.some(coverage(one)))
}
