/** Exports: asked for here, made in the background by whoever listens, fetched here. Everybody sees his own only. */
import { randomUUID } from 'node:crypto'
import { HubError } from '@hub/contracts'
import { audit } from '../audit.ts'
import type { Handlers } from '../http/call.ts'
import { cancelExport, findExport, listExports, putExport } from '../store/exports.ts'
import type { Context } from './context.ts'

type Exports = Pick<Handlers, 'exports' | 'requestExport' | 'cancelExport' | 'exportFile'>

export function exportHandlers({ clock, record, notice }: Context): Exports {
  const { db } = record
  return {
    exports: async ({ viewer }) => ({ jobs: await listExports(db, viewer.user) }),

    async requestExport({ viewer, body }) {
      const id = randomUUID()
      const now = clock.now()
      await record.transaction(async (trx) => {
        await putExport(trx, { id, request: body, scope: viewer.scope, user: viewer.user, now })
        await audit(trx, now, { actor: viewer.user, action: 'export.request', subject: id, detail: body })
      })
      notice('exports', id)
      return (await findExport(db, viewer.user, id))!.job
    },

    async cancelExport({ viewer, params: { id } }) {
      const found = await findExport(db, viewer.user, id)
      if (!found) throw new HubError('export.unknown', { value: id })
      await record.transaction(async (trx) => {
        await cancelExport(trx, id, clock.now())
        await audit(trx, clock.now(), { actor: viewer.user, action: 'export.cancel', subject: id })
      })
      notice('exports', id)
      return undefined
    },

    async exportFile({ viewer, params: { id } }) {
      const found = await findExport(db, viewer.user, id)
      if (!found) throw new HubError('export.unknown', { value: id })
      throw new HubError('export.not-ready', { value: found.job.status })
    },
  }
}
