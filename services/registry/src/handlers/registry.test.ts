/** The registry as a file, in and out, over real HTTP and a real record. */
import { type Scope, xlsxType } from '@hub/contracts'
import type { ReadSource } from '@hub/platform'
import { streamXlsxRows } from 'hucre/xlsx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, type Hub, sensorA, startHub } from '../../../hub/src/testing/hub.ts'
import { registryWorkbook } from '../queries.ts'

const acts = (hub: Hub, action: string) =>
  hub.record.db.selectFrom('audit').selectAll().where('action', '=', action).execute()

describe('the registry', () => {
  let hub: Hub
  beforeEach(async () => {
    hub = await startHub()
  })
  afterEach(() => hub.stop())

  it('what is exported can be imported: nothing changes', async () => {
    await hub.importRecords([camera(cameraA, { name: '=1+1', longitude: 112.6, latitude: 26.9 }), camera(cameraB)])
    const before = await hub.ask('oper', 'exportDevices')
    expect(before.headers.get('content-disposition')).toBe('attachment; filename="hengyang-registry-2027-01-15.csv"')
    expect(before.text).toContain(`'=1+1`)
    const { json } = await hub.ask('oper', 'importDevices', { raw: before.text })
    expect(json).toEqual({
      file: { format: 'csv', encoding: 'utf-8', separator: ',', lines: 3, heading: 1, blank: 0 },
      created: 0,
      unchanged: 2,
      changed: [],
      waiting: 0,
      held: [],
      refused: [],
      missing: [],
    })
    expect((await hub.ask('oper', 'exportDevices')).text).toBe(before.text)
  })

  it('goes out as a workbook too, of the viewer’s districts alone, and comes in again as it was', async () => {
    await hub.importRecords([camera(cameraA, { batch: '2019-1' }), camera(cameraB)])
    const workbook = async (scope: Scope) => {
      const parts: Uint8Array[] = []
      for await (const part of registryWorkbook({ db: hub.record.db } as unknown as ReadSource, {
        scope,
        devices: 'all',
      }))
        parts.push(part)
      return Buffer.concat(parts)
    }
    const rows: unknown[][] = []
    for await (const { values } of streamXlsxRows(await workbook(['430426']))) rows.push(values)
    expect(rows.map(([id]) => id)).toEqual(['DeviceID', cameraB])
    const { json } = await hub.ask('oper', 'importDevices', { raw: await workbook('city'), type: xlsxType })
    expect(json).toMatchObject({ created: 0, unchanged: 2, changed: [], refused: [], missing: [] })
  })

  it('text from outside enters without what nobody can see, by whichever door', async () => {
    await hub.importRecords([camera(cameraA, { name: '东\u202e门\0' })])
    const body = { stage: 'retired', reason: '拆除\u202e\n迁移' }
    await hub.ask('oper', 'stage', { params: { id: cameraA }, body })
    const { json } = await hub.ask('oper', 'device', { params: { id: cameraA } })
    expect(json.device.name).toBe('东门')
    expect(JSON.parse((await acts(hub, 'device.stage'))[0]!.detail)).toMatchObject({ reason: '拆除\n迁移' })
  })

  it('good rows enter, bad rows are named, in the language of who imports', async () => {
    const { csvHeader, csvRows } = await import('../files/write.ts')
    const bad = { ...camera('43040500001320000002'), carrier: '电信' } as unknown as ReturnType<typeof camera>
    const raw = csvHeader() + csvRows([camera(cameraA), bad, camera(cameraA), camera(cameraB)])
    const { json } = await hub.ask('oper', 'importDevices', { raw, headers: { 'accept-language': 'zh' } })
    expect(json).toMatchObject({
      created: 2,
      changed: [],
      held: [],
      refused: [
        {
          row: 3,
          field: 'Carrier',
          message: '第 3 行：Carrier 的值 电信 不合要求：无效选项：期望以下之一 "telecom"|"mobile"|"unicom"|"cable"',
        },
        { row: 4, field: 'DeviceID', message: `第 4 行：DeviceID 的值 ${cameraA} 不合要求：已在第 2 行出现` },
      ],
    })
    const [act] = await acts(hub, 'registry.import')
    expect([act!.actor, JSON.parse(act!.detail)]).toMatchObject([
      'oper',
      { created: 2, changed: 0, unchanged: 0, waiting: 0, refused: 2, missing: 0, held: [] },
    ])
  })

  it('a row may not jump the life cycle, nor change what kind of thing it is', async () => {
    await hub.importRecords([camera(cameraA), camera(sensorA, { kind: 'sensor' })])
    const { json } = await hub.importRecords([camera(cameraA, { stage: 'planned' }), camera(sensorA)])
    expect(json.refused.map((r: { message: string }) => r.message)).toEqual([
      'row 2: Stage is planned: in-service may become retired',
      'row 3: Kind is camera: is sensor and stays so',
    ])
  })

  it('a device is due from its date of service, or from when it was put in service', async () => {
    await hub.importRecords([camera(cameraA, { inServiceAt: '2026-05-01' }), camera(cameraB)])
    const rows = await hub.record.db.selectFrom('device').select(['id', 'in_service_from']).orderBy('id').execute()
    expect(rows.map((r) => r.in_service_from)).toEqual([
      Date.parse('2026-05-01T00:00:00+08:00'),
      expect.closeTo(hub.clock.now(), -3),
    ])
  })

  it('an import names each of its devices once, in messages of at most 500', async () => {
    const before = hub.registryChanges().length
    const many = Array.from({ length: 501 }, (_, n) => `43040500001320${String(n).padStart(6, '0')}`)
    await hub.importRecords(many.slice(0, 500).map((id) => camera(id)))
    await hub.importRecords(many.map((id) => camera(id, { name: '改' })))
    const said = hub.registryChanges().slice(before)
    expect(said.map(({ devices }) => devices)).toEqual([many.slice(0, 500), many.slice(0, 500), many.slice(500)])
  })

  it('an import of nothing is no change', async () => {
    const before = hub.registryChanges().length
    await hub.importRecords([camera(cameraA, { name: '' })])
    expect(hub.registryChanges()).toHaveLength(before)
  })
})
