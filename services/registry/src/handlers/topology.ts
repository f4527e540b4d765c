/** What devices need beside what their records say, as a file, in and out. */

import {
  type DeviceId,
  type ErrorParams,
  errorMessage,
  type ImportResult,
  limitText,
  type TableFile,
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
import { topologyCsv } from '../files/write.ts'
import { registryQueries } from '../read-thread.ts'
import type { RegistryData } from '../tables.ts'
import { importTopology, listTopology, type TopologyRow } from '../topology.ts'

/** Devices in one transaction: ingest waits for it at most. */
const chunk = 100

type Line = { row: number; cells: TopologyRow }

export function topologyHandlers(deps: Deps): Pick<Handlers, 'exportTopology' | 'importTopology'> {
  const { audit, clock, outbox } = deps
  const record = tablesOf<RegistryData>(deps.record)
  const queries = registryQueries(deps.record)

  async function importFile(bytes: Buffer, viewer: Viewer, language: Language): Promise<ImportResult> {
    const result: Omit<ImportResult, 'file' | 'missing'> = { created: 0, unchanged: 0, changed: [], refused: [] }
    const refuse = (row: number, fault: ErrorParams) =>
      result.refused.push({
        row,
        field: fault.field ?? 'row',
        message: errorMessage('topology.row', { ...fault, row }, language),
      })
    const byDevice = new Map<string, Line[]>()
    let file: TableFile | undefined
    for await (const part of queries.each('importedTopology', { bytes })) {
      for (const line of part.rows) {
        if ('fault' in line) {
          refuse(line.row, line.fault)
          continue
        }
        const lines = byDevice.get(line.cells.DeviceID)
        if (lines) lines.push(line)
        else byDevice.set(line.cells.DeviceID, [line])
      }
      file = part.file
    }
    const devices = [...byDevice]
    for (let i = 0; i < devices.length; i += chunk) {
      const some = devices.slice(i, i + chunk)
      const lines = some.flatMap(([, rows]) => rows)
      const taken = await record.transaction((trx) =>
        importTopology(
          trx,
          viewer.scope,
          lines.map((line) => line.cells),
        ),
      )
      const faults = new Map(taken.errors.map(({ params }) => [lines[params.row! - 1]!, params]))
      for (const [id, rows] of some) {
        const outcome = taken.devices.get(id)
        if (outcome === 'created' || outcome === 'unchanged') result[outcome] += rows.length
        else if (outcome)
          result.changed.push(...rows.map(({ row }) => ({ row, device: id as DeviceId, fields: outcome.changed })))
        else
          for (const line of rows)
            refuse(line.row, faults.get(line) ?? { field: 'DeviceID', value: id, limit: limitText('group-refused') })
      }
      await yieldToEventLoop()
    }
    result.refused.sort((a, b) => a.row - b.row)
    result.changed.sort((a, b) => a.row - b.row)
    const named = [...byDevice.keys()] as DeviceId[]
    const missing = await queries.ask('missingDevices', { scope: viewer.scope, named, needs: true })
    const { created, unchanged, changed, refused } = result
    const detail = {
      created,
      changed: changed.length,
      unchanged,
      refused: refused.length,
      missing: missing.length,
    }
    await record.transaction(async (trx) => {
      await audit.append(trx, {
        at: clock.now(),
        actor: viewer.user,
        action: 'topology.import',
        subject: 'topology',
        detail,
      })
      if (created + changed.length > 0) await outbox.append(trx, 'topology.changed', {}, { v: 1, at: clock.now() })
    })
    return { file: file!, ...result, missing }
  }

  return {
    async exportTopology({ viewer }) {
      const needs = await listTopology(record.db, viewer.scope)
      const name = `hengyang-topology-${dayOf(clock.now())}.csv`
      return new Download('text/csv; charset=utf-8', { full: name }, topologyCsv(needs))
    },

    importTopology: async ({ viewer, language, upload }) => importFile(await upload(), viewer, language),
  }
}
