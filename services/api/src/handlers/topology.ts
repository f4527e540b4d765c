/** What devices need beside what their records say, as a file, in and out. */
import { type ErrorParams, errorMessage, type ImportResult } from '@hub/contracts'
import { dayOf } from '@hub/core'
import { importTopology, listTopology, type TopologyRow } from '@hub/platform'
import { audit } from '../audit.ts'
import { readTopology, topologyCsv } from '../csv/topology.ts'
import { csvLimit, readBody } from '../http/body.ts'
import type { Handlers, Language, Viewer } from '../http/call.ts'
import { turn } from '../turn.ts'
import type { Context } from './context.ts'

/** Devices in one transaction: ingest waits for it at most. */
const chunk = 100

type Line = { row: number; cells: TopologyRow }

export function topologyHandlers({
  clock,
  record,
  notice,
}: Context): Pick<Handlers, 'exportTopology' | 'importTopology'> {
  async function importFile(bytes: Buffer, viewer: Viewer, language: Language): Promise<ImportResult> {
    const result: ImportResult = { created: 0, updated: 0, refused: [] }
    const refuse = (row: number, fault: ErrorParams) =>
      result.refused.push({
        ...{ row, field: fault.field ?? 'row' },
        message: errorMessage('topology.row', { ...fault, row }, language),
      })
    const byDevice = new Map<string, Line[]>()
    for (const line of await readTopology(bytes)) {
      if ('fault' in line) refuse(line.row, line.fault)
      else byDevice.set(line.cells.DeviceID, [...(byDevice.get(line.cells.DeviceID) ?? []), line])
    }
    const devices = [...byDevice]
    for (let i = 0; i < devices.length; i += chunk) {
      const some = devices.slice(i, i + chunk)
      const lines = some.flatMap(([, rows]) => rows)
      const cells = lines.map((line) => line.cells)
      const ids = some.map(([id]) => id)
      const { had, taken } = await record.transaction(async (trx) => {
        const query = trx.selectFrom('topology_need').select('device').distinct().where('device', 'in', ids)
        const had = new Set((await query.execute()).map(({ device }) => device))
        return { had, taken: await importTopology(trx, viewer.scope, cells) }
      })
      const refused = new Set(taken.errors.map(({ params }) => lines[params.row! - 1]!.cells.DeviceID))
      for (const { params } of taken.errors) refuse(lines[params.row! - 1]!.row, params)
      for (const id of ids) if (!refused.has(id)) result[had.has(id) ? 'updated' : 'created']++
      await turn()
    }
    result.refused.sort((a, b) => a.row - b.row)
    const { created, updated, refused } = result
    const detail = { created, updated, refused: refused.length }
    await audit(record.db, clock.now(), {
      ...{ actor: viewer.user, action: 'topology.import', subject: 'topology', detail },
    })
    if (created + updated > 0) notice('topology', '')
    return result
  }

  return {
    async exportTopology({ viewer, res }) {
      const needs = await listTopology(record.db, viewer.scope)
      res.set('Content-Type', 'text/csv; charset=utf-8')
      res.set('Content-Disposition', `attachment; filename="hengyang-topology-${dayOf(clock.now())}.csv"`)
      res.send(topologyCsv(needs))
      return undefined
    },

    importTopology: async ({ viewer, language, req }) => importFile(await readBody(req, csvLimit), viewer, language),
  }
}
