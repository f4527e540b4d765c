/** Exports: asked for here, made in the background by whoever listens, fetched here. Everybody sees his own only. */
import { randomUUID } from 'node:crypto'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { exportQueries, HubError } from '@hub/contracts'
import { cancelExport, exportPath, findExport, insertExport, listExports } from '@hub/platform'
import { audit } from '../audit.ts'
import type { Handlers } from '../http/call.ts'
import { parseRequest } from '../http/parse.ts'
import type { Context } from './context.ts'

type Exports = Pick<Handlers, 'exports' | 'requestExport' | 'cancelExport' | 'exportFile'>

const types = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
  json: 'application/json; charset=utf-8',
} as const

export function exportHandlers({ config, clock, record, notice }: Context): Exports {
  const { db } = record
  return {
    exports: async ({ viewer }) => ({ jobs: await listExports(db, viewer.user) }),

    async requestExport({ viewer, body, language }) {
      // What cannot be asked of the report's own route cannot be exported: said now, not in the background.
      parseRequest(exportQueries[body.report], body.query, language)
      const job = { id: randomUUID(), request: body, scope: viewer.scope, requestedBy: viewer.user }
      const now = clock.now()
      const inserted = await record.transaction(async (trx) => {
        await audit(trx, now, { actor: viewer.user, action: 'export.request', subject: job.id, detail: body })
        return insertExport(trx, job, now)
      })
      notice('exports', job.id)
      return inserted
    },

    async cancelExport({ viewer, params: { id } }) {
      const now = clock.now()
      await record.transaction(async (trx) => {
        await cancelExport(trx, viewer.user, id, now)
        await audit(trx, now, { actor: viewer.user, action: 'export.cancel', subject: id })
      })
      notice('exports', id)
      return undefined
    },

    async exportFile({ viewer, params: { id }, res }) {
      const { status, format, fileName } = await findExport(db, viewer.user, id)
      if (status !== 'done') throw new HubError('export.not-ready', { value: status })
      // The id is a UUID by its schema and a row's by now: no name from outside reaches the path.
      const file = await open(exportPath(config.data, id, format)).catch(() => undefined)
      if (!file) throw new HubError('export.not-ready', { value: 'deleted' })
      try {
        const { size } = await file.stat()
        await audit(db, clock.now(), { actor: viewer.user, action: 'export.download', subject: id, detail: { size } })
        res.set('Content-Type', types[format])
        res.set('Content-Length', String(size))
        res.set('Content-Disposition', disposition(fileName ?? `${id}.${format}`, `hengyang-export.${format}`))
        await pipeline(file.createReadStream({ autoClose: false }), res)
      } finally {
        await file.close()
      }
      return undefined
    },
  }
}

/** RFC 6266: an ASCII name for old programs, the real one percent-encoded (RFC 8187). */
function disposition(name: string, ascii: string): string {
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
