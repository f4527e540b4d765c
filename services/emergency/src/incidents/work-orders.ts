/** Work orders that an incident asks for. The room work-orders makes them; its answer comes back into the log. */
import { randomUUID } from 'node:crypto'
import { type DistrictCode, HubError, type Incident, limitText, type MessageValue, type Scope } from '@hub/contracts'
import { type Consumer, type Deps, tablesIn } from '@hub/platform'
import { sql } from 'kysely'
import type { Db, EmergencyDb } from '../tables.ts'
import { appendEntry, hub } from './log.ts'

export const answers = {
  name: 'emergency',
  messages: ['workOrderAnswered'],
} as const satisfies Pick<Consumer, 'name' | 'messages'>

export type OrderAsked = { key?: string; unit: string | null; devices: readonly string[]; note: string | null }

/** Run it in a transaction. Asked again with the same key it is nothing new. @returns the key, which becomes the order's id */
export async function requestWorkOrder(
  { outbox }: Pick<Deps, 'outbox'>,
  trx: Db,
  incident: string,
  { key = randomUUID(), unit, devices, note }: OrderAsked,
  actor: string,
  at: number,
): Promise<string> {
  const written = await trx
    .insertInto('incident_order')
    .values({ key, incident, unit, at, by: actor })
    .onConflict((on) => on.doNothing())
    .returning('key')
    .executeTakeFirst()
  if (!written) return key
  const { number, title } = await trx
    .selectFrom('incident')
    .select(['number', 'title'])
    .where('id', '=', incident)
    .executeTakeFirstOrThrow()
  const detail = { act: 'order-asked', order: key, unit, devices: devices.length }
  await appendEntry(trx, incident, { at, actor, kind: 'link', note, detail })
  const subject = `${number} ${title}`
  await outbox.append(
    trx,
    'workOrderRequested',
    {},
    { v: 1, at, key, unit, devices: [...devices], subject, note, user: actor },
  )
  return key
}

/** Before it is asked for: what would be refused is refused to the one who asks. @throws HubError `device.unknown`, `request.invalid` */
export async function requireFree(db: Db, scope: Scope, devices: readonly string[]): Promise<void> {
  let known = db
    .selectFrom('registry_device')
    .select(['id', 'name'])
    .where('id', 'in', [...devices])
  if (scope !== 'city') known = known.where('district', 'in', [...scope])
  const names = new Map((await known.execute()).map(({ id, name }) => [id, name]))
  for (const device of devices) if (!names.has(device)) throw new HubError('device.unknown', { value: device })
  const taken = await db
    .selectFrom('work_orders_device as d')
    .innerJoin('work_orders_order as o', 'o.id', 'd.work_order')
    .select(['d.device', 'o.number'])
    .where('d.device', 'in', [...devices])
    .where('o.status', 'not in', ['closed', 'cancelled'])
    .executeTakeFirst()
  if (taken)
    throw new HubError('request.invalid', {
      field: 'devices',
      value: `${names.get(taken.device)} (${taken.device})`,
      limit: limitText('in-order-already', { order: taken.number }),
    })
}

/** What has been made of them. */
export async function ordersOf(db: Db, incident: string): Promise<Incident['workOrders']> {
  return db
    .selectFrom('incident_order as i')
    .innerJoin('work_orders_order as o', 'o.id', 'i.key')
    .select(['o.id', 'o.number', 'o.unit', 'o.status'])
    .where('i.incident', '=', incident)
    .orderBy('i.at')
    .orderBy('i.key')
    .execute()
}

/** Puts the number of the order, or why there is none, into the log. @returns the stop */
export function consumeAnswers({
  log,
  outbox,
  publishChange,
}: Pick<Deps, 'log' | 'outbox' | 'publishChange'>): Promise<() => Promise<void>> {
  const changed: { id: string; district: DistrictCode }[] = []
  return outbox.consume({
    ...answers,
    async take(trx, { value }) {
      const { at, key, order, refusal } = value as MessageValue<'workOrderAnswered'>
      const own = tablesIn<EmergencyDb>(trx)
      const asked = await own
        .updateTable('incident_order')
        .set({ answered: 1 })
        .where('key', '=', key)
        .where('answered', '=', 0)
        .returning('incident')
        .executeTakeFirst()
      if (!asked) return
      const detail = order
        ? { act: 'order-issued', order: order.id, number: order.number, unit: order.unit }
        : {
            act: 'order-refused',
            order: key,
            code: refusal?.code ?? null,
            value: refusal?.value ?? null,
            limit: refusal?.limit ?? null,
          }
      await appendEntry(own, asked.incident, { at, actor: hub, kind: 'link', detail })
      const { district } = await own
        .selectFrom('incident')
        .select(sql<DistrictCode>`district`.as('district'))
        .where('id', '=', asked.incident)
        .executeTakeFirstOrThrow()
      changed.push({ id: asked.incident, district })
    },
    taken() {
      log.debug({ incidents: changed.length }, 'work orders were answered')
      for (const { id, district } of changed.splice(0)) publishChange({ what: 'incidents', id, districts: [district] })
    },
  })
}
