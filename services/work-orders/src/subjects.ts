/** Once, after an upgrade: orders that were issued before a subject was the cause of the outage are given it, as it is believed now. */
import type { WorkOrderSubject } from '@hub/contracts'
import { type Deps, settingsOf, tablesOf } from '@hub/platform'
import { findOutage } from './outage.ts'
import type { WorkOrdersDb } from './tables.ts'

export async function nameCauses({ clock, record }: Pick<Deps, 'clock' | 'record'>): Promise<void> {
  const settings = settingsOf(record.sqlite, 'work-orders')
  if (settings.get('causes') !== undefined) return
  await tablesOf<WorkOrdersDb>(record).transaction(async (trx) => {
    const rows = await trx.selectFrom('work_order').select(['id', 'outage', 'subject']).execute()
    for (const { id, outage, subject } of rows) {
      const known = JSON.parse(subject) as WorkOrderSubject
      if (outage === null || known.cause !== null) continue
      const found = await findOutage(trx, 'city', outage)
      if (!found) continue
      const named = JSON.stringify({ ...known, cause: found.cause })
      await trx.updateTable('work_order').set({ subject: named }).where('id', '=', id).execute()
    }
    settings.put('causes', String(clock.now()))
  })
}
