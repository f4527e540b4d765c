/** Rows that a program of before this index has written get their keys and their hash: at the start, a page in each transaction. */
import type { FoundDevice } from '@hub/contracts'
import { foundHash } from '@hub/core'
import { sha256, yieldToEventLoop } from '@hub/platform'
import { insertKeys } from './put-found.ts'
import type { GatewaysRecord } from './tables.ts'

const page = 250

export async function indexFound(record: GatewaysRecord): Promise<void> {
  for (;;) {
    const rows = await record.db
      .selectFrom('discovered')
      .select(['gateway', 'endpoint', 'found'])
      .where('hash', 'is', null)
      .limit(page)
      .execute()
    if (rows.length === 0) return
    await record.transaction(async (trx) => {
      for (const { gateway, endpoint, found } of rows) {
        const device: FoundDevice = JSON.parse(found)
        await insertKeys(trx, gateway, [device])
        await trx
          .updateTable('discovered')
          .set({ hash: foundHash(device, sha256) })
          .where('gateway', '=', gateway)
          .where('endpoint', '=', endpoint)
          .execute()
      }
    })
    await yieldToEventLoop()
  }
}
