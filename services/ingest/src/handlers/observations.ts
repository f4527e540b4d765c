/** What lies under an interval: raw observations while they are kept, and what they said in a row for ever. */

import { type GatewaysViews, HubError, limitText, type RegistryViews, type ReportsViews } from '@hub/contracts'
import { rawKeptFrom, requireSeen } from '@hub/core'
import { type Deps, type Handlers, settingsOf, tablesOf } from '@hub/platform'
import type { IngestConfig } from '../config.ts'
import { findDevice } from '../device.ts'
import { LockedMonths } from '../month-locks.ts'
import { readEvidence, readKeys, readObservations, readRefusals } from '../observations.ts'
import * as packQueries from '../pack-queries.ts'
import type { IngestTables } from '../tables.ts'

export function observationHandlers({ config, clock, record }: Deps<IngestConfig>): Pick<Handlers, 'observations'> {
  const { db, sqlite } = tablesOf<IngestTables & RegistryViews & GatewaysViews & ReportsViews>(record)
  const settings = settingsOf(sqlite, 'ingest')
  const months = new LockedMonths(db)
  const packs = record.reader(new URL('../pack-queries.ts', import.meta.url), packQueries)
  return {
    async observations({ viewer, params: { id }, query: { from, to, limit }, gone }) {
      if (from >= to)
        throw new HubError('request.invalid', { field: 'from', value: from, limit: limitText('before-to', { to }) })
      requireSeen(viewer.devices, id)
      const { district, gateway } = await findDevice(db, viewer.scope, id)
      const asOf = clock.now()
      const question = { device: id, district, gateway, from, to, limit }
      const { observations, truncated, batches } = await readObservations(db, {
        ...question,
        span: Number(settings.get('span') ?? 0),
        signal: gone,
        packs,
      })
      const evidence = await readEvidence(db, question)
      const keys = await readKeys(db, batches)
      const refused = await readRefusals(db, id)
      const keptFrom = Math.max(0, rawKeptFrom(config.retention, asOf, await months.read(asOf)))
      return { device: id, asOf, from, to, keptFrom, observations, truncated, batches, keys, refused, evidence }
    },
  }
}
