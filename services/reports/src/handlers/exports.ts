/** Exports: requested here, made in the background by whoever listens, fetched here. Everybody sees his own only. */
import { randomUUID } from 'node:crypto'
import { open } from 'node:fs/promises'
import { type ExportRequest, exportQueries, HubError } from '@hub/contracts'
import { seenAmong } from '@hub/core'
import { Download, type Handlers, parseRequest, type Viewer } from '@hub/platform'
import type { ReportsDeps } from '../deps.ts'
import { cancelExport, exportPath, findExport, insertExport, listExports } from '../exports/store.ts'

type Exports = Pick<Handlers, 'exports' | 'requestExport' | 'cancelExport' | 'exportFile'>

const types = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
  json: 'application/json; charset=utf-8',
} as const

export function exportHandlers({ audit, config, clock, publishChange, record }: ReportsDeps): Exports {
  const { db } = record
  return {
    exports: async ({ viewer }) => ({ jobs: await listExports(db, viewer.user) }),

    async requestExport({ viewer, body, language }) {
      // What cannot be asked of the report's own route cannot be exported: said now, not in the background.
      parseRequest(exportQueries[body.report], body.query, language)
      requireReport(viewer, body.report)
      const devices = seenAmong(viewer.devices, undefined)
      const job = { id: randomUUID(), request: body, scope: viewer.scope, devices, requestedBy: viewer.user }
      const now = clock.now()
      const inserted = await record.transaction(async (trx) => {
        await audit.append(trx, {
          at: now,
          actor: viewer.user,
          action: 'export.request',
          subject: job.id,
          detail: body,
        })
        return insertExport(trx, job, now)
      })
      publishChange({ what: 'exports', id: job.id, districts: 'city', user: viewer.user })
      return inserted
    },

    async cancelExport({ viewer, params: { id } }) {
      const now = clock.now()
      await record.transaction(async (trx) => {
        await cancelExport(trx, viewer.user, id, now)
        await audit.append(trx, { at: now, actor: viewer.user, action: 'export.cancel', subject: id })
      })
      publishChange({ what: 'exports', id, districts: 'city', user: viewer.user })
      return undefined
    },

    async exportFile({ viewer, params: { id } }) {
      const { status, format, fileName } = await findExport(db, viewer.user, id)
      if (status !== 'done') throw new HubError('export.not-ready', { value: status })
      // The id is a UUID by its schema and a row's by now: no name from outside reaches the path.
      const file = await open(exportPath(config.data, id, format)).catch(() => undefined)
      if (!file) throw new HubError('export.not-ready', { value: 'deleted' })
      const { size } = await file.stat()
      const detail = { size }
      await audit.append(db, { at: clock.now(), actor: viewer.user, action: 'export.download', subject: id, detail })
      const name = { full: fileName ?? `${id}.${format}`, ascii: `hengyang-export.${format}` }
      return new Download(types[format], name, file.createReadStream(), size)
    },
  }
}

/** Reports that can be narrowed to devices, and so are made for who sees some devices only. */
const byDevice: readonly ExportRequest['report'][] = ['uptime', 'intervals']

/** @throws HubError `permission.denied` for a report of what is of no one unit */
function requireReport({ role, permissions }: Viewer, report: ExportRequest['report']): void {
  if (!byDevice.includes(report) && !permissions.includes('oversee'))
    throw new HubError('permission.denied', { value: role, limit: 'oversee' })
}
