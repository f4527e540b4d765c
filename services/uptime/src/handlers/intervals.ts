/** The states of one device over a period, and where an exemption or correction counts instead. */
import type { IngestViews, RegistryViews } from '@hub/contracts'
import { accountAdjusted, onlineRate, periodOf, rateText, requireSeen } from '@hub/core'
import { type Deps, type Handlers, tablesOf } from '@hub/platform'
import { adjustedSpans } from '../adjustments/spans.ts'
import { intervalsOf, requireDevice } from '../device.ts'
import { accountDevices, claimsOn } from '../device-time.ts'
import type { UptimeTables } from '../tables.ts'

export function intervalHandlers({ clock, exemptions, record }: Deps): Pick<Handlers, 'intervals'> {
  const { db } = tablesOf<UptimeTables & RegistryViews & IngestViews>(record)
  const accounts = accountDevices(record.sqlite, exemptions)
  return {
    async intervals({ viewer, params: { id }, query }) {
      requireSeen(viewer.devices, id)
      await requireDevice(db, viewer.scope, id)
      const asOf = clock.now()
      const { from, to } = periodOf(query, asOf)
      const intervals = await intervalsOf(db, id, { from, to })
      exemptions.reload()
      const tenures = accounts.tenures(id)
      const totals = accountAdjusted(intervals, { from, to }, claimsOn(tenures, { from, to }, exemptions))
      const adjusted = await adjustedSpans(db, exemptions, tenures, { from, to })
      const rate = onlineRate(totals)
      return { device: id, from, to, asOf, intervals, totals, rate, rateText: rateText(rate), adjusted }
    },
  }
}
