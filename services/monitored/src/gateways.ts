/** A gateway is normal while its status is heard in time. */
import type { GatewayStatus, GatewaysViews } from '@hub/contracts'
import { type Deps, tablesOf } from '@hub/platform'
import { abnormal, normal, type System, type Verdict } from './system.ts'

/** Four of the five-second intervals in which gateways publish their status. */
const inTimeMs = 20_000

export function gatewaySystems({ config, record, clock }: Pick<Deps, 'config' | 'record' | 'clock'>): System[] {
  const { db } = tablesOf<GatewaysViews>(record)
  const heard = (id: string) =>
    db.selectFrom('gateways_gateway').select(['status', 'last_seen_at']).where('id', '=', id).executeTakeFirst()
  return config.gateways.map(({ id, name }) => ({
    id,
    name,
    kind: 'gateway',
    url: null,
    check: () => heard(id).then((row) => judge(row, clock.now()), unread),
  }))
}

const unread = (error: unknown): Verdict => abnormal(`unread: ${(error as Error).message}`)

function judge(row: { status: string | null; last_seen_at: number | null } | undefined, now: number): Verdict {
  if (!row?.status || row.last_seen_at === null) return abnormal('never-heard')
  if (!(JSON.parse(row.status) as GatewayStatus).online) return abnormal('offline')
  return now - row.last_seen_at <= inTimeMs ? normal(null) : abnormal('silent')
}
