/** Which devices are known otherwise now than at an instant, and why: of a period, within what is asked for. */
import type { DatabaseSync } from 'node:sqlite'
import type { Scope, UptimeChanges, UptimeFilter } from '@hub/contracts'
import { addTotals, type Span, type Totals } from '@hub/core'
import { arrays, type DeviceAccounts, type Tenure } from '../device-time.ts'
import { narrow } from '../narrowing.ts'
import type { Past } from './past.ts'

type Device = UptimeChanges['devices'][number]
type Asked = { scope: Scope; filter: UptimeFilter; period: Span; asOf: number }

/** Of a device so many causes are named, the last ones. */
const mostCauses = 20

export function createChanges(sqlite: DatabaseSync, accounts: DeviceAccounts, past: Past): (asked: Asked) => Device[] {
  const causes = arrays(
    sqlite,
    `SELECT * FROM (SELECT 'record' AS kind, said_at AS at, from_at, to_at, adjustment FROM registry_statement WHERE device = :id AND said_at > :at
       AND from_at < :to AND (to_at IS NULL OR to_at > :from)
     UNION ALL SELECT 'observations', until_at, min(touched_from), NULL, NULL FROM ingest_interval_past WHERE device = :id AND until_at > :at
       AND touched_from < :to GROUP BY until_at) ORDER BY at DESC LIMIT ${mostCauses}`,
  )
  const decisions = arrays(
    sqlite,
    `SELECT s.at, a.from_at, a.to_at, a.id FROM adjustment_step s JOIN adjustment a ON a.id = s.adjustment
     WHERE a.kind <> 'record' AND s.at > :at AND a.from_at < :to AND a.to_at > :from ORDER BY s.at DESC`,
  )
  return ({ scope, filter, period, asOf }) => {
    const { passes } = narrow(scope, filter)
    const then = past.accounts(asOf)
    const sum = (tenures: readonly Tenure[], totals: DeviceAccounts['totals']): Totals =>
      addTotals(tenures.filter(({ values }) => passes(values)).flatMap((tenure) => totals(tenure, [period])[0] ?? []))
    const asked = { at: asOf, ...period }
    const all = decisions.all(asked) as unknown as [number, number, number, string][]
    return [...past.changedSince(asOf, period)].sort().flatMap((device): Device[] => {
      if (filter.device && !filter.device.includes(device)) return []
      const tenures = accounts.tenures(device)
      const [was, is] = [sum(then.tenures(device), then.totals), sum(tenures, accounts.totals)]
      if (JSON.stringify(was) === JSON.stringify(is)) return []
      const said = causes.all({ id: device, ...asked }) as unknown as [
        Kind,
        number,
        number,
        number | null,
        string | null,
      ][]
      const decided = all
        .filter(([, , , id]) => past.covers(id, device))
        .map(([at, from, to, id]) => ['adjustment', at, from, to, id] as const)
      const because = [...said, ...decided].map(([kind, at, from, to, adjustment]) => ({
        kind,
        at,
        from,
        to,
        adjustment,
      }))
      return [{ device, before: was, after: is, because }]
    })
  }
}

type Kind = Device['because'][number]['kind']
