/** The notification log: what each recipient has been told of each thing. Written with the notification that tells it, in one transaction. */
import type { NotificationKind } from '@hub/contracts'
import type { Colour, HubKnown, IncidentKnown, KnownState, RulesKnown, SealKnown } from '@hub/core'
import { type Db, slice } from './subjects.ts'

export type OutageKnown = { outage: string; channel: string; known: KnownState }
/** When the recipient was told of each colour. */
export type ColoursKnown = Partial<Record<Colour, number>>
type Entry = { kind: NotificationKind; key: string; channel: string; at: number; open: number; known: string }

/** What all recipients know of these outages. */
export const outagesKnown = async (db: Db, outages: readonly string[]): Promise<OutageKnown[]> =>
  (await entriesOf(db, 'outage', outages)).map(({ key, channel, known }) => ({
    outage: key,
    channel,
    known: JSON.parse(known) as KnownState,
  }))

/** By `order channel`. */
export const coloursKnown = async (db: Db, orders: readonly string[]): Promise<Map<string, ColoursKnown>> =>
  new Map(
    (await entriesOf(db, 'work-order', orders)).map(({ key, channel, known }) => [
      `${key} ${channel}`,
      JSON.parse(known) as ColoursKnown,
    ]),
  )

/** What has been said of each time at which the hub was behind, by `key channel`. */
export const hubKnown = async (db: Db, keys: readonly string[]): Promise<Map<string, HubKnown>> =>
  new Map(
    (await entriesOf(db, 'hub', keys)).map(({ key, channel, known }) => [
      `${key} ${channel}`,
      JSON.parse(known) as HubKnown,
    ]),
  )

/** What has been said of each seal, by `key channel`. */
export const sealsKnown = async (db: Db, keys: readonly string[]): Promise<Map<string, SealKnown>> =>
  new Map(
    (await entriesOf(db, 'seal', keys)).map(({ key, channel, known }) => [
      `${key} ${channel}`,
      JSON.parse(known) as SealKnown,
    ]),
  )

/** What has been said of each change of the rules, by `key channel`. */
export const rulesKnown = async (db: Db, keys: readonly string[]): Promise<Map<string, RulesKnown>> =>
  new Map(
    (await entriesOf(db, 'rules', keys)).map(({ key, channel, known }) => [
      `${key} ${channel}`,
      JSON.parse(known) as RulesKnown,
    ]),
  )

/** What has been said of each incident, by `key channel`. */
export const incidentsKnown = async (db: Db, keys: readonly string[]): Promise<Map<string, IncidentKnown>> =>
  new Map(
    (await entriesOf(db, 'incident', keys)).map(({ key, channel, known }) => [
      `${key} ${channel}`,
      JSON.parse(known) as IncidentKnown,
    ]),
  )

async function entriesOf(db: Db, kind: NotificationKind, keys: readonly string[]) {
  const entries: Pick<Entry, 'key' | 'channel' | 'known'>[] = []
  for (let i = 0; i < keys.length; i += slice)
    entries.push(
      ...(await db
        .selectFrom('notification_log')
        .select(['key', 'channel', 'known'])
        .where('kind', '=', kind)
        .where('key', 'in', keys.slice(i, i + slice))
        .execute()),
    )
  return entries
}

export const logOutages = (trx: Db, known: readonly OutageKnown[]): Promise<void> => put(trx, known.map(entryOf))

export const logColours = (
  trx: Db,
  told: readonly { order: string; channel: string; known: ColoursKnown }[],
  now: number,
): Promise<void> =>
  put(
    trx,
    told.map(({ order, channel, known }) => ({
      kind: 'work-order',
      key: order,
      channel,
      at: now,
      open: 0,
      known: JSON.stringify(known),
    })),
  )

export const logHub = (
  trx: Db,
  told: readonly { key: string; channel: string; known: HubKnown }[],
  now: number,
): Promise<void> =>
  put(
    trx,
    told.map(({ key, channel, known }) => ({
      kind: 'hub',
      key,
      channel,
      at: now,
      open: 0,
      known: JSON.stringify(known),
    })),
  )

export const logSeals = (trx: Db, told: readonly { key: string; channel: string }[], now: number): Promise<void> =>
  put(
    trx,
    told.map(({ key, channel }) => ({
      kind: 'seal',
      key,
      channel,
      at: now,
      open: 0,
      known: JSON.stringify({ sealed: now } satisfies SealKnown),
    })),
  )

export const logRules = (trx: Db, told: readonly { key: string; channel: string }[], now: number): Promise<void> =>
  put(
    trx,
    told.map(({ key, channel }) => ({
      kind: 'rules',
      key,
      channel,
      at: now,
      open: 0,
      known: JSON.stringify({ told: now } satisfies RulesKnown),
    })),
  )

/** `open` while that it has ended is still to be told. */
export const logIncidents = (
  trx: Db,
  told: readonly { key: string; channel: string; known: IncidentKnown }[],
  now: number,
): Promise<void> =>
  put(
    trx,
    told.map(({ key, channel, known }) => ({
      kind: 'incident',
      key,
      channel,
      at: now,
      open: known.ended === undefined ? 1 : 0,
      known: JSON.stringify(known),
    })),
  )

const entryOf = ({ outage, channel, known }: OutageKnown): Entry => ({
  kind: 'outage',
  key: outage,
  channel,
  at: known.at,
  open: known.resolved ? 0 : 1,
  known: JSON.stringify(known),
})

async function put(trx: Db, entries: readonly Entry[]): Promise<void> {
  for (let i = 0; i < entries.length; i += slice)
    await trx
      .insertInto('notification_log')
      .values(entries.slice(i, i + slice))
      .onConflict((on) =>
        on.columns(['kind', 'key', 'channel']).doUpdateSet((of) => ({
          at: of.ref('excluded.at'),
          open: of.ref('excluded.open'),
          known: of.ref('excluded.known'),
        })),
      )
      .execute()
}

/** A part of an outage is one of its own: whoever was told of the whole knows of it. Its recovery is a line of a digest. */
export async function splitLog(trx: Db, outage: string, from: string): Promise<void> {
  for (const { channel, known } of await outagesKnown(trx, [from]))
    await putNew(trx, { outage, channel, known: { ...known, how: 'digest' } })
}

/** Whoever was told of an outage that went into another knows of that one too, where `isMost`. Of the former nothing more is told. */
export async function mergeLog(trx: Db, outage: string, into: string, isMost: boolean): Promise<void> {
  for (const { channel, known } of await outagesKnown(trx, [outage])) {
    // The row goes along: an id may be given again, and whoever gets it has been told nothing.
    if (isMost && !known.resolved && (await putNew(trx, { outage: into, channel, known }))) {
      await trx
        .deleteFrom('notification_log')
        .where('kind', '=', 'outage')
        .where('key', '=', outage)
        .where('channel', '=', channel)
        .execute()
      continue
    }
    await logOutages(trx, [{ outage, channel, known: { ...known, resolved: true } }])
  }
}

/** @returns false when there is one already */
async function putNew(trx: Db, known: OutageKnown): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await trx
    .insertInto('notification_log')
    .values(entryOf(known))
    .onConflict((on) => on.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows > 0n
}

/** Forgets what was told before that time of what is over. */
export async function trimLog(trx: Db, before: number): Promise<void> {
  await trx
    .deleteFrom('notification_log')
    .where('at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('notification_subject as s')
            .select('s.key')
            .whereRef('s.kind', '=', 'notification_log.kind')
            .whereRef('s.key', '=', 'notification_log.key')
            .where('s.ended', '=', 0),
        ),
      ),
    )
    .execute()
}
