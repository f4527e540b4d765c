import { type DeviceRecord, errorMessage, recordFieldNames, recordFields } from '@hub/contracts'
import { describe, expect, it } from 'vitest'
import { type RecordRow, readRecordRows } from './record-rows.ts'
import { csvHeader, csvRows } from './write.ts'

const camera = (id: string, more: Partial<DeviceRecord> = {}): DeviceRecord => ({
  id,
  name: '解放路口',
  manufacturer: '海康',
  model: 'DS-1',
  civilCode: id.slice(0, 6),
  address: '解放路 1 号',
  parental: '0',
  parentId: `${id.slice(0, 10)}2000000001`,
  registerWay: '1',
  secrecy: '0',
  status: 'ON',
  grassrootsCode: '430405001',
  pointType: '3',
  kind: 'camera',
  application: 'safe-city',
  carrier: 'telecom',
  stage: 'in-service',
  ...more,
})
const id = '43040500001320000001'
const read = async (text: string | Uint8Array, language: 'zh' | 'en' = 'en') => {
  const rows: RecordRow[] = []
  for await (const row of readRecordRows(Buffer.from(text), { language })) rows.push(row)
  return rows
}
const file = (...records: DeviceRecord[]) => csvHeader() + csvRows(records)
/** A file of one row, with cells replaced by column. */
const withCells = (cells: { [column: string]: string }) => {
  const record = camera(id) as Record<string, unknown>
  const columns = recordFieldNames.map((name) => recordFields[name].csv)
  const line = recordFieldNames.map((name) => `"${cells[recordFields[name].csv] ?? record[name] ?? ''}"`)
  return `${columns.join()}\n${line.join()}\n`
}
const fault = (row: RecordRow | undefined) =>
  row && 'fault' in row ? errorMessage('import.row', { ...row.fault, row: row.row }) : 'no fault'

describe('a registry file', () => {
  it('comes back from export as it was', async () => {
    const records = [
      camera(id, {
        name: '=cmd|calc',
        address: '1 号, "东" 门',
        longitude: 112.6,
        latitude: 26.9,
        ipAddress: '127.11.0.5',
      }),
      camera('43040600001320000002', { project: "'+1", poleHeight: 6.5 }),
    ]
    expect(await read(file(...records))).toEqual(records.map((record, i) => ({ row: i + 2, record })))
    expect(file(...records).startsWith('\uFEFFDeviceID,Name,')).toBe(true)
    expect(file(...records)).toContain(`'=cmd|calc`)
  })

  it('is read in GB18030 too', async () => {
    const ascii = withCells({ Name: 'NAME', Manufacturer: 'x', Address: 'x' }).split('NAME')
    const gbk = Buffer.concat([Buffer.from(ascii[0]!), Buffer.from([0xba, 0xe2, 0xd1, 0xf4]), Buffer.from(ascii[1]!)])
    expect(await read(gbk)).toMatchObject([{ row: 2, record: { name: '衡阳' } }])
  })

  it.each([
    [{ DeviceID: '4304' }, 'row 2: DeviceID is 4304: must be 20 digits'],
    [
      { DeviceID: '43010500001320000001' },
      'row 2: DeviceID is 43010500001320000001: must begin with the code of a district of Hengyang',
    ],
    [{ Name: '' }, 'row 2: Name is missing: Invalid input: expected string, received undefined'],
    [
      { Carrier: '电信' },
      'row 2: Carrier is 电信: Invalid option: expected one of "telecom"|"mobile"|"unicom"|"cable"',
    ],
    [{ PointType: '1' }, 'row 2: Longitude is missing: required for point class 1'],
    [{ Longitude: 'east' }, 'row 2: Longitude is east: Invalid input: expected number, received NaN'],
    [{ Latitude: '91' }, 'row 2: Latitude is 91: Too big: expected number to be <=90'],
    [{ InstallTime: '2026-02-30' }, 'row 2: InstallTime is 2026-02-30: Invalid ISO date'],
    [{ IPAddress: '300.1.1.1' }, 'row 2: IPAddress is 300.1.1.1: Invalid input'],
    [{ MAC: 'zz' }, 'row 2: MAC is zz: must be six hex pairs'],
  ])('%o is refused by name', async (cells, message) => {
    expect(fault((await read(withCells(cells as unknown as { [column: string]: string })))[0])).toBe(message)
  })

  it('loses only the bad rows', async () => {
    const good = camera('43040600001320000002')
    const text = file(camera(id, { name: '' }), good).replace('\r\n', '\r\n"broken" quote",x\r\n')
    const rows = await read(text)
    expect(rows.filter((r) => 'record' in r)).toEqual([{ row: 4, record: good }])
    expect(rows.map((r) => fault(r))).toContain(
      'row 2: row is malformed: has a quote inside a cell that is not in quotes',
    )
  })

  it('names a malformed row by its own number, wherever it stands', async () => {
    const [header = '', first = ''] = file(camera(id)).split('\r\n')
    const rows = await read([header, first, '"broken" quote",x', first.replace(id, '4304')].join('\r\n'))
    const named = rows.map((r) => `${r.row} ${'record' in r ? 'in' : r.fault.field}`)
    expect(named).toEqual(['2 in', '3 row', '4 DeviceID'])
  })

  it('a row with too many cells is refused', async () => {
    expect(fault((await read(`${withCells({}).trimEnd()},more\n`))[0])).toBe(
      'row 2: row is more: stands in a column without a name',
    )
  })

  it('says limits in Chinese to who reads Chinese', async () => {
    const [row] = await read(withCells({ Name: '' }), 'zh')
    expect(row).toMatchObject({ fault: { field: 'Name', limit: '无效输入：期望 string，实际接收 undefined' } })
  })

  it.each([
    ['', 'the header has no line: the file is empty'],
    ['DeviceID,Colour\n', 'the header has Colour: no such column'],
    ['DeviceID,DeviceID\n', 'the header has DeviceID: a column twice'],
    ['DeviceID,Name\n', 'the header has no Manufacturer: the column is required'],
  ])('with the header %j is refused whole', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })
})
