/** What the Record of a running hub says, read beside it. */
import { DatabaseSync } from 'node:sqlite'
import { percentile, rounded } from '../field/proc.ts'

export type Opened = {
  outages: number
  /** Of no device that a fault met, and not of a gateway that was cut. */
  false: number
  /** Devices of the new outages that no fault met. */
  false_devices: number
}

export type Intake = {
  observations_per_s: number | null
  /** Age of the newest observation of a batch when the batch arrived. */
  lag_p99_s: number | null
  lag_max_s: number | null
}

export type States = { up: number; down: number; unknown: number }

export interface RecordReader {
  /** Batches that arrived in `[from, to)`, of these gateways or of all. */
  intake(from: number, to: number, gateways?: readonly string[]): Intake
  /** How late the last batch of the slowest gateway was, seconds; null before every gateway has sent one since then. */
  lagNow(gateways: number, since: number): number | null
  states(): States
  openOutages(): number
  /** Ids of all outages, to tell later which are new. */
  outages(): Set<string>
  /** @param caused devices that a fault met; @param silenced gateways that a fault cut off */
  opened(before: ReadonlySet<string>, caused: ReadonlySet<string>, silenced: ReadonlySet<string>): Opened
  close(): void
}

export function readRecord(file: string): RecordReader {
  const sqlite = new DatabaseSync(file, { readOnly: true, timeout: 10_000 })
  const all = <T>(sql: string, ...params: (string | number)[]) => sqlite.prepare(sql).all(...params) as T[]
  const count = (sql: string) => all<{ n: number }>(sql)[0]!.n

  return {
    intake(from, to, gateways) {
      const batches = all<{ gateway: string; count: number; lag: number }>(
        'SELECT gateway, count, received_at - last_at AS lag FROM batch WHERE received_at >= ? AND received_at < ?',
        from,
        to,
      ).filter(({ gateway }) => gateways?.includes(gateway) ?? true)
      const lags = batches.map(({ lag }) => lag / 1_000)
      return {
        observations_per_s: rounded((batches.reduce((sum, batch) => sum + batch.count, 0) * 1_000) / (to - from)),
        lag_p99_s: rounded(percentile(lags, 99), 2),
        lag_max_s: rounded(percentile(lags, 100), 2),
      }
    },
    lagNow(gateways, since) {
      const last = all<{ lag: number }>(
        `SELECT received_at - last_at AS lag FROM batch WHERE id IN (SELECT max(id) FROM batch GROUP BY gateway)
         AND received_at >= ?`,
        since,
      )
      return last.length < gateways ? null : Math.max(...last.map(({ lag }) => lag)) / 1_000
    },
    states() {
      const rows = all<{ state: string; n: number }>('SELECT state, count(*) AS n FROM device_state GROUP BY state')
      const of = (...states: string[]) => rows.reduce((sum, { state, n }) => sum + (states.includes(state) ? n : 0), 0)
      return { up: of('up', 'degraded'), down: of('down'), unknown: of('unknown') }
    },
    openOutages: () => count("SELECT count(*) AS n FROM outage WHERE status = 'open' AND merged_into IS NULL"),
    outages: () => new Set(all<{ id: string }>('SELECT id FROM outage').map(({ id }) => id)),
    opened(before, caused, silenced) {
      const members = Map.groupBy(
        all<{ outage: string; device: string }>('SELECT outage, device FROM outage_member'),
        ({ outage }) => outage,
      )
      const opened = all<{ id: string; kind: string; key: string }>(
        'SELECT id, cause_kind AS kind, cause_key AS key FROM outage WHERE merged_into IS NULL',
      ).filter(({ id }) => !before.has(id))
      const wrong = new Set<string>()
      let falseOutages = 0
      for (const { id, kind, key } of opened) {
        if (kind === 'gateway' && silenced.has(key)) continue
        const devices = (members.get(id) ?? []).map(({ device }) => device)
        for (const device of devices) if (!caused.has(device)) wrong.add(device)
        if (!devices.some((device) => caused.has(device))) falseOutages++
      }
      return { outages: opened.length, false: falseOutages, false_devices: wrong.size }
    },
    close: () => sqlite.close(),
  }
}
