/** The audit log, for those who may read it: the whole of it, or nothing, for a line may speak of any district. */
import { type AuditPage, HubError } from '@hub/contracts'
import { linkAudit, listAudit, verifyAudit } from '@hub/platform'
import type { Handlers } from '../http/call.ts'
import { createCache } from '../live/cache.ts'
import type { Context } from './context.ts'

/** Every line is hashed again: askers within this time share one check. */
const checkedForMs = 60_000

export function auditHandlers({ clock, record }: Context): Pick<Handlers, 'audit'> {
  const checks = createCache<AuditPage['chain']>(clock, checkedForMs)
  const check = async () => {
    await record.commit(linkAudit)
    return { ...(await verifyAudit(record.db)), checkedAt: clock.now() }
  }
  return {
    async audit({ viewer, query }) {
      if (viewer.scope !== 'city')
        throw new HubError('permission.denied', { value: viewer.role, limit: 'audit without the whole city' })
      const chain = await checks.get('chain', check)
      const lines = await listAudit(record.db, query)
      const next = lines.length === query.limit ? (lines.at(-1)?.id ?? null) : null
      return { asOf: clock.now(), lines: lines as AuditPage['lines'], next, chain }
    },
  }
}
