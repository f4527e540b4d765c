/**
 * The audit log, for those who may read it: the whole of it, or nothing, for a line may speak of any district. Whoever is judged by what was
 * done to a device may read the lines that have it for their subject: they name no other.
 */

import { type AuditPage, HubError, limitText } from '@hub/contracts'
import { minuteMs, requireSeen } from '@hub/core'
import { type Clock, createCache, type Handlers, isDiskRefusal, type RecordStore } from '@hub/platform'
import { linkAudit, listAudit, verifyAudit } from '../audit/chain.ts'
import type { AccessTables } from '../tables.ts'

/** Every line is hashed again: askers within this time share one check. */
const checkedForMs = minuteMs

type Parts = { clock: Clock; record: RecordStore<AccessTables> }

export function auditHandlers({ clock, record }: Parts): Pick<Handlers, 'audit' | 'deviceAudit'> {
  const checks = createCache<AuditPage['chain']>(clock, checkedForMs)
  const check = async () => {
    // Reading waits for no disk: what is not linked yet is linked later.
    await record.transaction(linkAudit).catch((err: unknown) => {
      if (!isDiskRefusal(err)) throw err
    })
    return { ...(await verifyAudit(record.db)), checkedAt: clock.now() }
  }
  return {
    async audit({ viewer, query }) {
      if (viewer.scope !== 'city')
        throw new HubError('permission.denied', { value: viewer.role, limit: limitText('audit-whole-city') })
      const chain = await checks.get('chain', check)
      const lines = await listAudit(record.db, query)
      const next = lines.length === query.limit ? (lines.at(-1)?.id ?? null) : null
      return { asOf: clock.now(), lines: lines as AuditPage['lines'], next, chain }
    },

    async deviceAudit({ viewer: { role, permissions, devices, scope }, params: { id }, query }) {
      requireSeen(devices, id)
      if (devices === 'all' && !(permissions.includes('audit') && scope === 'city'))
        throw new HubError('permission.denied', { value: role, limit: 'audit' })
      const lines = await listAudit(record.db, { ...query, subject: id })
      const next = lines.length === query.limit ? (lines.at(-1)?.id ?? null) : null
      return { asOf: clock.now(), lines: lines as AuditPage['lines'], next }
    },
  }
}
