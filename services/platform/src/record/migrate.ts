/** Brings a Record file to the schema of this program: numbered migrations, each in its own transaction, never backwards. */
import type { DatabaseSync } from 'node:sqlite'
import { HubError } from '@hub/contracts'
import { first } from './migrations/0001-first.ts'
import { rolloutAndEvents } from './migrations/0002-rollout-and-events.ts'
import { uptimeRecord } from './migrations/0003-uptime-record.ts'
import { auditChain } from './migrations/0004-audit-chain.ts'
import { scorecardLock } from './migrations/0005-scorecard-lock.ts'
import { uptimeKeptRight } from './migrations/0006-uptime-kept-right.ts'
import { outages } from './migrations/0007-outages.ts'
import { uptimeByDistrict } from './migrations/0008-uptime-by-district.ts'
import { uptimeMonths } from './migrations/0009-uptime-months.ts'
import { notices } from './migrations/0010-notices.ts'
import { marredDays } from './migrations/0011-marred-days.ts'
import { units } from './migrations/0012-units.ts'
import { deviceRevisions } from './migrations/0013-device-revisions.ts'

/** The n-th entry makes schema n + 1. Entries are never edited once released: a change is a new entry. */
const migrations: readonly { name: string; sql: string }[] = [
  { name: '0001-first', sql: first },
  { name: '0002-rollout-and-events', sql: rolloutAndEvents },
  { name: '0003-uptime-record', sql: uptimeRecord },
  { name: '0004-audit-chain', sql: auditChain },
  { name: '0005-scorecard-lock', sql: scorecardLock },
  { name: '0006-uptime-kept-right', sql: uptimeKeptRight },
  { name: '0007-outages', sql: outages },
  { name: '0008-uptime-by-district', sql: uptimeByDistrict },
  { name: '0009-uptime-months', sql: uptimeMonths },
  { name: '0010-notices', sql: notices },
  { name: '0011-marred-days', sql: marredDays },
  { name: '0012-units', sql: units },
  { name: '0013-device-revisions', sql: deviceRevisions },
]

/** Processes that open the same file at the same moment take turns, step by step: each step is looked for under the write lock. */
export function migrate(sqlite: DatabaseSync, steps = migrations): void {
  sqlite.exec('CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT')
  const count = sqlite.prepare('SELECT count(*) AS applied FROM migration')
  const applied = () => (count.get() as { applied: number }).applied
  if (applied() > steps.length) throw new HubError('record.newer', { value: applied(), limit: steps.length })
  for (let index = applied(); index < steps.length; index++) {
    const { name, sql } = steps[index]!
    sqlite.exec('BEGIN IMMEDIATE')
    try {
      if (index >= applied()) {
        sqlite.exec(sql)
        sqlite.prepare('INSERT INTO migration (number, name) VALUES (?, ?)').run(index + 1, name)
      }
      sqlite.exec('COMMIT')
    } catch (err) {
      if (sqlite.isTransaction) sqlite.exec('ROLLBACK')
      throw err
    }
  }
}
