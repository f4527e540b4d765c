/** Topology as a file: what is exported can be imported, good rows enter, bad rows are named. */
import { topic } from '@hub/contracts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { camera, cameraA, cameraB, type Hub, startHub } from '../../../hub/src/testing/hub.ts'

const cameraA2 = '43040500001320000002'
const header = 'DeviceID,Need,Alternatives\r\n'

let hub: Hub
beforeEach(async () => {
  hub = await startHub()
  await hub.importRecords([camera(cameraA), camera(cameraA2), camera(cameraB)])
})
afterEach(() => hub.stop())

const take = async (raw: string | Uint8Array, headers = {}) =>
  (await hub.ask('oper', 'importTopology', { raw, headers })).json
const file = async (user = 'oper') => (await hub.ask(user, 'exportTopology')).text
const told = () => hub.bus.published.filter((m) => m.topic === topic('topology.changed')).length

it('what is exported can be imported: nothing changes; a cell that a spreadsheet would run is neutralised', async () => {
  const rows = `${cameraA},1,switch:QD-03|switch:QD-04\r\n${cameraA},2,feed:10kV I 线\r\n${cameraB},1,"pole:P-1, 东"\r\n`
  expect(await take(header + rows)).toMatchObject({ created: 3, unchanged: 0, changed: [], refused: [], missing: [] })
  const before = await hub.ask('oper', 'exportTopology')
  expect(before.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(before.headers.get('content-disposition')).toBe('attachment; filename="hengyang-topology-2027-01-15.csv"')
  // A byte-order mark is there for spreadsheets; fetch takes it away.
  expect(before.text).toBe(header + rows.replaceAll(/^(?=\d{20})/gm, '\t'))
  expect(await take(before.text)).toMatchObject({ created: 0, unchanged: 3, changed: [], refused: [] })
  expect(await file()).toBe(before.text)
  await hub.record.db.updateTable('topology_need').set({ alternatives: '["=cmd|x"]' }).where('need', '=', 2).execute()
  expect(await file()).toContain(`,2,'=cmd|x\r\n`)
  expect(await file('oper-b')).toBe(`${header}\t${cameraB},1,"pole:P-1, 东"\r\n`)
})

it('good rows enter, bad rows are named as a spreadsheet counts them, in the language of who imports', async () => {
  const before = told()
  const rows = [`${cameraA},1,switch:QD-03`, `${cameraA2},0,switch:QD-03`, '"broken" quote",x', `${cameraB},1,wheel:1`]
  const result = await take(header + rows.join('\r\n'), { 'accept-language': 'zh' })
  expect(result).toMatchObject({ created: 1, changed: [] })
  expect(result.refused.map((r: { row: number; field: string }) => `${r.row} ${r.field}`)).toEqual([
    '3 Need',
    '4 row',
    '5 Alternatives',
  ])
  expect(result.refused[0].message).toBe('第 3 行：Need 的值 0 不合要求：须为 1 至 16')
  expect(await file()).toBe(`${header}\t${cameraA},1,switch:QD-03\r\n`)
  expect(told()).toBe(before + 1)
  const [act] = await hub.record.db.selectFrom('audit').selectAll().where('action', '=', 'topology.import').execute()
  expect(act).toMatchObject({
    actor: 'oper',
    subject: 'topology',
    detail: '{"created":1,"changed":0,"unchanged":0,"refused":3,"missing":0}',
  })
})

it('full-width figures, letters and separators are read as the record reads them; the name of a feed stays as it was typed', async () => {
  const rows = [`${cameraA},１,ｓｗｉｔｃｈ：ＱＤ－０３｜pole:Ｐ１`, `４３０４０５０００01320000002,２,feed：３号馈线`]
  expect(await take(header + rows.join('\r\n'))).toMatchObject({ created: 2, refused: [] })
  expect(await file()).toBe(`${header}\t${cameraA},1,switch:QD-03|pole:P1\r\n\t${cameraA2},2,feed:３号馈线\r\n`)
})

it('an empty row takes the needs of a device away; columns may come in any order, and in GB18030', async () => {
  const gbk = Buffer.concat([
    Buffer.from(`Alternatives,DeviceID,Need\npole:`),
    Buffer.from([0xba, 0xe2, 0xd1, 0xf4]),
    Buffer.from(`,${cameraA},1\n`),
  ])
  expect(await take(gbk)).toMatchObject({ created: 1, refused: [] })
  expect(await file()).toContain('pole:衡阳')
  expect(await take(`${header}${cameraA},,\r\n`)).toMatchObject({
    changed: [{ row: 2, device: cameraA, fields: ['Need', 'Alternatives'] }],
    refused: [],
  })
  expect(await file()).toBe(header)
})

it('rows of one device in two places are all its rows, and a file of nothing changes nothing', async () => {
  const others = Array.from({ length: 150 }, (_, n) => `4304050000132${String(n + 100).padStart(7, '0')},1,pole:P`)
  const { refused, created } = await take(
    `${header}${cameraA},1,pole:P\r\n${others.join('\r\n')}\r\n${cameraA},2,feed:F\r\n`,
  )
  expect([created, refused.length, refused[0].row, refused.at(-1).row]).toEqual([2, 150, 3, 152])
  expect(await file()).toBe(`${header}\t${cameraA},1,pole:P\r\n\t${cameraA},2,feed:F\r\n`)
  const before = told()
  expect(await take(header)).toMatchObject({ created: 0, changed: [], refused: [], missing: [cameraA] })
  expect(told()).toBe(before)
})

it.each([
  ['', 'the header has no line: the file is empty'],
  ['DeviceID,Need\n', 'the header has no Alternatives: the column is required'],
  ['DeviceID,Need,Need\n', 'the header has Need: a column twice'],
  ['DeviceID,Need,Alternatives,Note\n', 'the header has Note: no such column'],
])('the header %j is refused', async (raw, message) => {
  expect((await take(raw)).detail).toBe(message)
})
