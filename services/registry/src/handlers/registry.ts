/** The registry as a file, in and out. */
import { createHash } from 'node:crypto'
import {
  type CoordinateSystem,
  type DeviceId,
  type DeviceRecord,
  type ErrorParams,
  errorMessage,
  limitText,
  namedDevices,
  type RegistryImportResult,
  recordFields,
  type TableFile,
  xlsxType,
} from '@hub/contracts'
import { dayOf } from '@hub/core'
import {
  type Deps,
  Download,
  type Handlers,
  type Language,
  tablesOf,
  type Viewer,
  yieldToEventLoop,
} from '@hub/platform'
import { propose } from '../propose.ts'
import { registryQueries } from '../read-thread.ts'
import { putRecords } from '../records.ts'
import { createRegistryChanged } from '../registry-changed.ts'
import type { RegistryData } from '../tables.ts'

/** Rows in one transaction: ingest waits for it at most, and the event loop is held as long (some 15 ms and the disk). */
const chunk = 50

export function registryHandlers(deps: Deps): Pick<Handlers, 'exportDevices' | 'exportWorkbook' | 'importDevices'> {
  const { audit, clock } = deps
  const record = tablesOf<RegistryData>(deps.record)
  const registryChanged = createRegistryChanged(deps)
  const queries = registryQueries(deps.record)

  async function importFile(
    bytes: Buffer,
    viewer: Viewer,
    asked: { language: Language; coordinates: CoordinateSystem | undefined },
  ): Promise<RegistryImportResult> {
    const result: Omit<RegistryImportResult, 'file' | 'missing'> = {
      created: 0,
      unchanged: 0,
      changed: [],
      waiting: 0,
      held: [],
      refused: [],
    }
    const digest = createHash('sha256').update(bytes).digest('hex')
    const by = { user: viewer.user, language: asked.language, digest, outbox: deps.outbox }
    const refuse = (fault: ErrorParams) =>
      result.refused.push({
        row: fault.row ?? 0,
        field: fault.field ?? 'row',
        message: errorMessage('import.row', fault, asked.language),
      })
    const written: DeviceId[] = []
    const named = new Set<DeviceId>()
    const firstRow = new Map<string, number>()
    const waiting: { row: number; record: DeviceRecord }[] = []
    const flush = async () => {
      const rows = waiting.splice(0)
      if (rows.length === 0) return
      const context = { now: clock.now(), scope: viewer.scope }
      const records = rows.map(({ record }) => record)
      const {
        created,
        changed,
        unchanged,
        waiting: onlyHeld,
        refused,
        devices,
      } = await record.transaction(async (trx) => {
        const put = await putRecords(trx, records, context)
        const held = [...put.held].map(([i, stretches]) => ({ row: rows[i]!.row, device: records[i]!.id, stretches }))
        result.held.push(...(await propose(trx, held, { ...by, now: context.now })))
        return put
      })
      result.waiting += onlyHeld
      result.created += created
      result.unchanged += unchanged
      for (const [index, fields] of changed)
        result.changed.push({
          row: rows[index]!.row,
          device: rows[index]!.record.id,
          fields: fields.map((field) => recordFields[field].csv),
        })
      for (const [index, fault] of refused) refuse({ ...fault, row: rows[index]!.row })
      written.push(...devices)
      await yieldToEventLoop()
    }
    let file: TableFile | undefined
    for await (const part of queries.each('importedRows', { bytes, ...asked })) {
      for (const row of part.rows) {
        if ('fault' in row) {
          if (row.device) named.add(row.device)
          refuse({ ...row.fault, row: row.row })
          continue
        }
        const { id } = row.record
        named.add(id)
        const before = firstRow.get(id)
        if (before !== undefined) {
          refuse({ row: row.row, field: 'DeviceID', value: id, limit: limitText('in-row-already', { row: before }) })
          continue
        }
        firstRow.set(id, row.row)
        waiting.push(row)
        if (waiting.length >= chunk) await flush()
      }
      file = part.file
    }
    await flush()
    result.refused.sort((a, b) => a.row - b.row)
    const missing = await queries.ask('missingDevices', { scope: viewer.scope, named: [...named] })
    const { created, unchanged, changed, waiting: onlyHeld, refused } = result
    const detail = {
      created,
      changed: changed.length,
      unchanged,
      waiting: onlyHeld,
      refused: refused.length,
      missing: missing.length,
      held: result.held.map(({ adjustment }) => adjustment),
      file: digest,
      ...(asked.coordinates && { coordinates: asked.coordinates }),
    }
    await record.transaction((trx) =>
      audit.append(trx, {
        at: clock.now(),
        actor: viewer.user,
        action: 'registry.import',
        subject: 'registry',
        detail,
      }),
    )
    // At the end of the file: each message makes others read the devices that it names.
    for (const devices of namedDevices(written)) {
      await record.transaction((trx) => registryChanged(trx, devices))
      await yieldToEventLoop()
    }
    return { file: file!, ...result, missing }
  }

  const name = (kind: 'csv' | 'xlsx') => ({ full: `hengyang-registry-${dayOf(clock.now())}.${kind}` })

  const seenBy = ({ scope, devices }: Viewer) => ({ scope, devices })

  return {
    exportDevices: ({ viewer }) =>
      new Download('text/csv; charset=utf-8', name('csv'), queries.each('registryFile', seenBy(viewer))),

    exportWorkbook: ({ viewer }) =>
      new Download(xlsxType, name('xlsx'), queries.each('registryWorkbook', seenBy(viewer))),

    importDevices: async ({ viewer, language, query, upload }) =>
      importFile(await upload(), viewer, { language, coordinates: query.coordinates }),
  }
}
