/** The record of the whole city out of the hub and into it again, as a file: nothing changes, in either format, and nobody waits for it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ImportResult, xlsxType } from '@hub/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Hub, startHub } from '../bench/api/hub.ts'
import { csvOf } from '../bench/api/records.ts'
import { freePorts } from '../support/ports.ts'

const devices = 20_000
let folder: string
let hub: Hub
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-files-'))
  hub = await startHub(folder, (await freePorts(1))[0]!)
})
afterAll(async () => {
  await hub?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** How long it took, and for how long the hub's main thread worked at one stretch: its own time, whatever else the machine does. */
async function taken(what: string, type: string, file: string | Buffer): Promise<ImportResult> {
  await hub.strain()
  const began = performance.now()
  const result = JSON.parse(await hub.post('/registry.csv', type, file)) as ImportResult
  const seconds = (performance.now() - began) / 1_000
  const { pieceMs, stopMs } = await hub.strain()
  console.log(
    `${what}: ${seconds.toFixed(1)} s, at most ${pieceMs.toFixed(0)} ms at a stretch (${stopMs.toFixed(0)} of the wall)`,
  )
  return result
}
const nothing = { created: 0, changed: [], unchanged: devices, refused: [], missing: [] }

test('import, export, import is a fixed point, as CSV and as a workbook', async () => {
  const first = await taken('new', 'text/csv', csvOf(devices, 0, '2025-01-01'))
  expect(first).toMatchObject({ created: devices, changed: [], unchanged: 0, refused: [], missing: [] })
  const csv = await hub.bytes('/registry.csv')
  expect(await taken('CSV again', 'text/csv', csv)).toMatchObject(nothing)
  expect((await hub.bytes('/registry.csv')).equals(csv)).toBe(true)
  const began = performance.now()
  const workbook = await hub.bytes('/registry.xlsx')
  console.log(`workbook of ${workbook.length} bytes: ${((performance.now() - began) / 1_000).toFixed(1)} s`)
  expect(await taken('workbook', xlsxType, workbook)).toMatchObject({ ...nothing, file: { format: 'xlsx' } })
  expect((await hub.bytes('/registry.csv')).equals(csv)).toBe(true)
  const changed = await taken('all changed', 'text/csv', csvOf(devices, 1, '2025-01-01'))
  expect(changed.changed).toHaveLength(devices)
  expect(changed.changed[0]!.fields).toEqual(['Maintainer'])
})
