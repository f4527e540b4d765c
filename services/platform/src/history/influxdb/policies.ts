/** How long a server keeps things: retention policies of 1.x, made and altered by the hub. Those of 2.x and 3 are an administrator's (infra/influxdb). */
import { type Keep, keptMs } from '../keep.ts'
import type { Kept } from '../rows.ts'
import { ms, name } from './influxql.ts'

export const policyNames = {
  fiveMinutes: 'five_minutes',
  hours: 'hours',
  days: 'days',
  telemetry: 'telemetry',
} as const satisfies Record<Kept, string>

/** Time in one shard: what expires goes shard by shard. */
const shards = { fiveMinutes: '1d', hours: '7d', days: '364d', telemetry: '1d' } as const satisfies Record<Kept, string>

/** The part of a server that policies are given to. */
type Administered = {
  database: string
  query(kept: undefined, statement: string): Promise<{ values: (string | number | null)[][] }[]>
}

/** 1.x refuses writes to a database that does not exist. A duration that was changed in the configuration is changed there. */
export async function providePolicies(server: Administered, keep: Keep): Promise<void> {
  const on = name(server.database)
  await server.query(undefined, `CREATE DATABASE ${on}`)
  const [known] = await server.query(undefined, `SHOW RETENTION POLICIES ON ${on}`)
  const existing = new Set(known?.values.map(([policy]) => policy))
  for (const [kept, policy] of Object.entries(policyNames) as [Kept, string][]) {
    const days = keptMs(keep, kept)
    const duration = days === Number.POSITIVE_INFINITY ? 'INF' : ms(days)
    const verb = existing.has(policy) ? 'ALTER' : 'CREATE'
    await server.query(
      undefined,
      `${verb} RETENTION POLICY ${name(policy)} ON ${on} DURATION ${duration} REPLICATION 1 SHARD DURATION ${shards[kept]}`,
    )
  }
}
