/** The registry as a file, in and out, and the sensors' credentials. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type DeviceRecord, type ErrorParams, errorMessage, HubError, type ImportResult, inScope } from '@hub/contracts'
import { dayOf } from '@hub/core'
import { issueSensorPasswords } from '@hub/platform'
import { audit } from '../audit.ts'
import { csvLimit, readBody } from '../http/body.ts'
import type { Handlers, Language, Viewer } from '../http/call.ts'
import { registryReader } from '../reading/reader.ts'
import { putRecords } from '../store/registry.ts'
import { turn } from '../turn.ts'
import type { Context } from './context.ts'

/** Rows in one transaction: ingest waits for it at most. */
const chunk = 100

type Registry = Pick<Handlers, 'exportDevices' | 'importDevices' | 'sensorCredentials'>

export function registryHandlers({ config, clock, record, registryChanged }: Context): Registry {
  const { db } = record
  const reader = registryReader(record)

  async function importFile(bytes: Buffer, viewer: Viewer, language: Language): Promise<ImportResult> {
    const result: ImportResult = { created: 0, updated: 0, refused: [] }
    const refuse = (fault: ErrorParams) =>
      result.refused.push({
        row: fault.row ?? 0,
        field: fault.field ?? 'row',
        message: errorMessage('import.row', fault, language),
      })
    const gateways = new Set<string>()
    const firstRow = new Map<string, number>()
    const waiting: { row: number; record: DeviceRecord }[] = []
    const flush = async () => {
      const rows = waiting.splice(0)
      if (rows.length === 0) return
      const context = { config, now: clock.now(), scope: viewer.scope }
      const records = rows.map(({ record }) => record)
      const written = await record.transaction((trx) => putRecords(trx, records, context))
      result.created += written.created
      result.updated += written.updated
      for (const [index, fault] of written.refused) refuse({ ...fault, row: rows[index]!.row })
      for (const gateway of written.gateways) gateways.add(gateway)
      await turn()
    }
    for await (const rows of reader.each('importedRows', { bytes, language })) {
      for (const row of rows) {
        if ('fault' in row) {
          refuse({ ...row.fault, row: row.row })
          continue
        }
        const { id } = row.record
        const before = firstRow.get(id)
        if (before !== undefined) {
          refuse({ row: row.row, field: 'DeviceID', value: id, limit: `is in row ${before} already` })
          continue
        }
        firstRow.set(id, row.row)
        waiting.push(row)
        if (waiting.length >= chunk) await flush()
      }
    }
    await flush()
    result.refused.sort((a, b) => a.row - b.row)
    if (result.created + result.updated > 0) registryChanged(gateways)
    const { created, updated, refused } = result
    const detail = { created, updated, refused: refused.length }
    await audit(db, clock.now(), { actor: viewer.user, action: 'registry.import', subject: 'registry', detail })
    return result
  }

  return {
    async exportDevices({ viewer, res }) {
      res.set('Content-Type', 'text/csv; charset=utf-8')
      res.set('Content-Disposition', `attachment; filename="hengyang-registry-${dayOf(clock.now())}.csv"`)
      await pipeline(Readable.from(reader.each('registryFile', viewer.scope)), res)
      return undefined
    },

    importDevices: async ({ viewer, language, req }) => importFile(await readBody(req, csvLimit), viewer, language),

    async sensorCredentials({ viewer, body }) {
      const now = clock.now()
      const ids = [...new Set(body.devices)]
      const { secrets, gateways } = await record.transaction(async (trx) => {
        const sensors = await trx
          .selectFrom('device')
          .select(['id', 'district', 'gateway'])
          .where('id', 'in', ids)
          .execute()
        const visible = new Set(sensors.filter((s) => inScope(viewer.scope, s.district)).map((s) => s.id))
        const foreign = ids.find((id) => !visible.has(id))
        if (foreign) throw new HubError('device.unknown', { value: foreign })
        const secrets = await issueSensorPasswords(trx, ids, now)
        const subject = ids.length === 1 ? ids[0]! : 'sensors'
        const act = { actor: viewer.user, action: 'sensor.credential', subject } as const
        await audit(trx, now, { ...act, detail: { devices: ids.length } })
        return { secrets, gateways: sensors.map((s) => s.gateway) }
      })
      registryChanged(gateways)
      return { secrets }
    },
  }
}
