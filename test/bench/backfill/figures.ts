/** The district's time before and after: what the Record says, and what it must say. */
import { DatabaseSync } from 'node:sqlite'
import type { Observation } from '@hub/contracts'
import { account, addTotals, defaultHealthPolicy, type Span, type Timed, type Totals, timelineOf } from '@hub/core'
import { cameraId, looksOf } from './looks.ts'

/** From the hub's file, while the hub runs. */
export function recorded(path: string, cameras: number, period: Span): Totals[] {
  const sqlite = new DatabaseSync(path, { readOnly: true })
  const read = sqlite.prepare('SELECT from_at AS "from", to_at AS "to", state FROM interval WHERE device = ?')
  const totals = Array.from({ length: cameras }, (_, n) => account(read.all(cameraId(n)) as unknown as Timed[], period))
  sqlite.close()
  return totals
}

/** Every look of the past in its order and then the live ones, judged device by device without any hub. */
export function expected(
  cameras: number,
  period: Span,
  periods: number,
  live: readonly Observation[],
  now: number,
): Totals[] {
  const after = Map.groupBy(live, ({ device }) => device)
  return Array.from({ length: cameras }, (_, n) => {
    const looks = [...looksOf(n, period.from, periods), ...(after.get(cameraId(n)) ?? [])]
    return account(timelineOf(looks, defaultHealthPolicy, now), period)
  })
}

export const sum = (totals: readonly Totals[]): Totals => addTotals(totals)
