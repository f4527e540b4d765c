/**
 * Files as they come from people's desks, byte by byte, and the exact report of each. What they are like is taken from public reports of
 * what importers stumbled over (named beside each group), not from the reader. The record has cameras A and B before each.
 */
import type { ImportResult } from '@hub/contracts'
import { writeXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { camera, cameraA, cameraB, type Hub, startHub } from '../../../hub/src/testing/hub.ts'

const [n1, n2, n3] = ['43040500001320000011', '43040500001320000012', '43040500001320000013']
const columns =
  'DeviceID,Name,Manufacturer,Model,CivilCode,Address,Parental,ParentID,RegisterWay,Secrecy,Status,GrassrootsCode,PointType,Kind,Application,Carrier,Stage'.split(
    ',',
  )
type Cells = { [column: string]: string }
const cellsOf = (id: string, more: Cells = {}): Cells => ({
  DeviceID: id,
  Name: '新机',
  Manufacturer: '海康',
  Model: 'DS-1',
  CivilCode: '430405',
  Address: '路',
  Parental: '0',
  ParentID: '43040500002000000001',
  RegisterWay: '1',
  Secrecy: '0',
  Status: 'ON',
  GrassrootsCode: '430405001',
  PointType: '3',
  Kind: 'camera',
  Application: 'safe-city',
  Carrier: 'telecom',
  Stage: 'planned',
  ...more,
})
const names = (more: readonly string[] = []) => [...columns, ...more]
/** A line of cells as they are: quotes are the case's business. */
const line = (id: string, more: Cells = {}, sep = ',', extra: readonly string[] = []) =>
  names(extra)
    .map((column) => cellsOf(id, more)[column] ?? '')
    .join(sep)
const head = (sep = ',', extra: readonly string[] = []) => names(extra).join(sep)
const crlf = (...lines: string[]) => lines.map((one) => `${one}\r\n`).join('')

const utf16 = (text: string, order: 'le' | 'be', mark = true) => {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}
/** Chinese characters of the cases in GBK. */
const gbk: { [character: string]: number[] } = {
  通: [0xcd, 0xa8],
  学: [0xd1, 0xa7],
  路: [0xc2, 0xb7],
  衡: [0xba, 0xe2],
  阳: [0xd1, 0xf4],
  海: [0xba, 0xa3],
  康: [0xbf, 0xb5],
  新: [0xd0, 0xc2],
  机: [0xbb, 0xfa],
}
const inGbk = (text: string) => Buffer.from([...text].flatMap((c) => gbk[c] ?? [...Buffer.from(c)]))
const ascii = { Name: 'N', Manufacturer: 'x', Address: 'x' }

const workbook = (rows: unknown[][], ...more: unknown[][][]) =>
  writeXlsx({
    sheets: [rows, ...more].map((sheet, n) => ({ name: `S${n}`, rows: sheet as string[][] })),
  })
const cells = (id: unknown, more: { [column: string]: unknown } = {}, extra: readonly string[] = []) =>
  names(extra).map((column) => ({ ...cellsOf('', more as Cells), DeviceID: id, ...more })[column] ?? null)

const zeros = (id: string, are = '00000') =>
  `DeviceID is ${id}: ends in ${are}: Excel keeps 15 digits of a number, and several codes may have become this one. Format the column as text, or use the .xlsx file of the export`
const lost =
  'is a number as Excel writes it, and digits are lost: format the column as text, or use the .xlsx file of the export'
const systems = 'WGS-84, GCJ-02, BD-09, CGCS2000'
const place = ['Longitude', 'Latitude', 'CoordinateSystem']
const at = (Longitude: string, Latitude: string, CoordinateSystem = '') => ({ Longitude, Latitude, CoordinateSystem })

/**
 * What is reported: `+` created, `=` unchanged, `~` changed, then `lines: heading, blank`; what was read as; each refusal.
 * `after`: names on record (or another field) afterwards, of the devices of the file.
 */
type Case = {
  file: string | Uint8Array | Promise<Uint8Array>
  is: string
  refused?: string[]
  changed?: string[]
  after?: { [id: string]: Cells }
  query?: string
}
type Group = { [name: string]: Case }

// PapaParse #1123, data.table #1183, surveda #145, node-csv-parse #126, SheetJS #1943 and #2004, MrExcel 1140952.
const lines: Group = {
  'commas and CRLF': { file: crlf(head(), line(n1)), is: 'csv utf-8 , +1 =0 of 2: 1, 0' },
  'LF alone': { file: `${head()}\n${line(n1)}\n`, is: 'csv utf-8 , +1 =0 of 2: 1, 0' },
  'CR alone, as Excel for Mac saved': { file: `${head()}\r${line(n1)}\r`, is: 'csv utf-8 , +1 =0 of 2: 1, 0' },
  'LF rows under a CRLF heading': {
    file: `${head()}\r\n${line(n1)}\n${line(n2)}\n`,
    is: 'csv utf-8 , +2 =0 of 3: 1, 0',
  },
  'CRLF rows under a LF heading': {
    file: `${head()}\n${line(n1)}\r\n${line(n2)}\r\n`,
    is: 'csv utf-8 , +2 =0 of 3: 1, 0',
  },
  'no line end after the last row': { file: `${head()}\r\n${line(n1)}`, is: 'csv utf-8 , +1 =0 of 2: 1, 0' },
  'a file cut off in its last row': {
    file: `${crlf(head(), line(n1))}${line(n2).slice(0, 60)}`,
    is: 'csv utf-8 , +1 =0 of 3: 1, 0',
    refused: ['row 3: row is 8 cells: is the last line, has no end and too few cells: the file is cut off'],
  },
  'CR CR LF: an empty line between any two': {
    file: `${head()}\r\r\n${line(n1)}\r\r\n`,
    is: 'csv utf-8 , +1 =0 of 4: 1, 2',
  },
  semicolons: { file: crlf(head(';'), line(n1, {}, ';')), is: 'csv utf-8 ; +1 =0 of 2: 1, 0' },
  'semicolons, and commas in the cells': {
    file: crlf(head(';'), line(n1, { Name: '路口, 东' }, ';')),
    is: 'csv utf-8 ; +1 =0 of 2: 1, 0',
    after: { [n1]: { name: '路口, 东' } },
  },
  TAB: { file: crlf(head('\t'), line(n1, {}, '\t')), is: 'csv utf-8 TAB +1 =0 of 2: 1, 0' },
  'sep=; on top': { file: crlf('sep=;', head(';'), line(n1, {}, ';')), is: 'csv utf-8 ; +1 =0 of 3: 2, 0' },
  'another separator in one row': {
    file: crlf(head(), line(n1, {}, ';'), line(n2)),
    is: 'csv utf-8 , +1 =0 of 3: 1, 0',
    refused: [`row 2: DeviceID is ${line(n1, {}, ';').slice(0, 79)}…: must be 20 digits`],
  },
}

// CartoDB #6178, RepoSense #952, isomer #2805, xibo #3456, otm-core #3060, climate-watch #1603, csvkit #180, Microsoft KB 77295.
const blanks: Group = {
  'a trailing separator on each line': {
    file: crlf(`${head()},`, `${line(n1)},`),
    is: 'csv utf-8 , +1 =0 of 2: 1, 0',
  },
  'many trailing separators in some lines': {
    file: crlf(head(), `${line(n1)},,,`, line(n2)),
    is: 'csv utf-8 , +2 =0 of 3: 1, 0',
  },
  'blank rows, and the row numbers of the file': {
    file: crlf(head(), '', line(n1), '', '', line('4304')),
    is: 'csv utf-8 , +1 =0 of 6: 1, 3',
    refused: ['row 6: DeviceID is 4304: must be 20 digits'],
  },
  'rows of nothing but commas and blanks': {
    file: crlf(head(), ',,,,,,,,,,,,,,,,', line(n1), '  ,\t,"",'),
    is: 'csv utf-8 , +1 =0 of 4: 1, 2',
  },
  'blank rows before the heading': { file: crlf('', ',,', head(), line(n1)), is: 'csv utf-8 , +1 =0 of 4: 1, 2' },
  'rows shorter than the heading: Excel leaves empty cells out at the end': {
    file: crlf(head(',', ['Owner', 'Builder']), line(n1)),
    is: 'csv utf-8 , +1 =0 of 2: 1, 0',
  },
  'a word in a column without a name': {
    file: crlf(`${head()},`, `${line(n1)},备注`, line(n2)),
    is: 'csv utf-8 , +1 =0 of 3: 1, 0',
    refused: ['row 2: row is 备注: stands in a column without a name'],
  },
  'only a heading': { file: crlf(head()), is: 'csv utf-8 , +0 =0 of 1: 1, 0' },
}

// objectui #2556, SAP wiki "Excel files - CSV format", donatstudios, genoffice #438, kotlin-csv #77, jamovi #257, SheetJS #2620.
const encodings: Group = {
  'UTF-8 with a mark': { file: `\ufeff${crlf(head(), line(n1))}`, is: 'csv utf-8 , +1 =0 of 2: 1, 0' },
  'Unicode text of Excel: UTF-16LE, TAB': {
    file: utf16(crlf(head('\t'), line(n1, {}, '\t')), 'le'),
    is: 'csv utf-16le TAB +1 =0 of 2: 1, 0',
    after: { [n1]: { name: '新机' } },
  },
  'UTF-16BE': { file: utf16(crlf(head(), line(n1)), 'be'), is: 'csv utf-16be , +1 =0 of 2: 1, 0' },
  'UTF-16LE without its mark': {
    file: utf16(crlf(head(), line(n1)), 'le', false),
    is: 'csv utf-16le , +1 =0 of 2: 1, 0',
    after: { [n1]: { name: '新机' } },
  },
  'GBK, as Excel in China saves': {
    file: inGbk(crlf(head(), line(n1, { Name: '衡阳', Address: '路' }))),
    is: 'csv gb18030 , +1 =0 of 2: 1, 0',
    after: { [n1]: { name: '衡阳', manufacturer: '海康' } },
  },
  'GBK that happens to be valid UTF-8: 通学路': {
    file: inGbk(crlf(head(), line(n1, { ...ascii, Name: '通学路' }))),
    is: 'csv gb18030 , +1 =0 of 2: 1, 0',
    after: { [n1]: { name: '通学路' } },
  },
  'one row of GBK, one of which alone would be UTF-8': {
    file: inGbk(crlf(head(), line(n1, { ...ascii, Name: '通学路' }), line(n2, { ...ascii, Name: '衡阳' }))),
    is: 'csv gb18030 , +2 =0 of 3: 1, 0',
    after: { [n1]: { name: '通学路' }, [n2]: { name: '衡阳' } },
  },
  'UTF-8, and one row pasted in GBK': {
    file: Buffer.concat([
      Buffer.from(crlf(head(), line(n1), line(n2))),
      inGbk(crlf(line(n3, { ...ascii, Name: '衡阳' }))),
    ]),
    is: 'csv utf-8 , +2 =0 of 4: 1, 0',
    refused: ['row 4: row is malformed: is in another encoding than the rest of the file: save the file anew in one'],
  },
  'GBK, and one row pasted in UTF-8': {
    file: Buffer.concat([
      inGbk(crlf(head(), line(n1, { ...ascii, Name: '衡阳' }), line(n2, { ...ascii, Name: '海康' }))),
      Buffer.from(crlf(line(n3))),
    ]),
    is: 'csv gb18030 , +2 =0 of 4: 1, 0',
    refused: ['row 4: row is malformed: is in another encoding than the rest of the file: save the file anew in one'],
    after: { [n1]: { name: '衡阳' } },
  },
  'bytes that are no text, under a mark of UTF-8': {
    file: Buffer.concat([Buffer.from(`\ufeff${crlf(head(), line(n1))}`), inGbk(crlf(line(n2, { Name: '衡' })))]),
    is: 'csv utf-8 , +1 =0 of 3: 1, 0',
    refused: ['row 3: row is malformed: has bytes that are no text'],
  },
}

// node-csv-parse #273 and #277, FastCSV #173, OpenRefine #690, scala-csv #18, sqlitebrowser #542, batch-import #50, csvlint #198, Mft2Csv #9.
const open = 'row is malformed: opens a quote that does not close in this line: a cell holds no line break'
const stray = 'row is malformed: has a quote inside a cell that is not in quotes'
const quotes: Group = {
  'cells in quotes': {
    file: crlf(head(), line(n1, { Name: '"东, ""西"" 门"' })),
    is: 'csv utf-8 , +1 =0 of 2: 1, 0',
    after: { [n1]: { name: '东, "西" 门' } },
  },
  'a quote never closed': {
    file: crlf(head(), line(n1, { Name: '"东' }), line(n2), line(n3)),
    is: 'csv utf-8 , +2 =0 of 4: 1, 0',
    refused: [`row 2: ${open}`],
  },
  'a quote closed two rows later: no row takes the data of another': {
    file: crlf(head(), line(n1, { Name: '"东' }), line(n2, { Name: '中' }), line(n3, { Name: '西"' })),
    is: 'csv utf-8 , +1 =0 of 4: 1, 0',
    refused: [`row 2: ${open}`, `row 4: ${stray}`],
    after: { [n2]: { name: '中' } },
  },
  'a line break inside a cell (Alt+Enter)': {
    file: crlf(head(), line(n1, { Name: '"东\n门"' }), line(n2)),
    is: 'csv utf-8 , +1 =0 of 4: 1, 0',
    refused: [`row 2: ${open}`, `row 3: ${stray}`],
  },
  'a quote open in the last cell of the file': {
    file: crlf(head(), line(n1), line(n2, { Stage: '"planned' })),
    is: 'csv utf-8 , +1 =0 of 3: 1, 0',
    refused: [`row 3: ${open}`],
  },
  'an inch mark in a cell': {
    file: crlf(head(), line(n1, { Model: '4.5" dome' }), line(n2)),
    is: 'csv utf-8 , +1 =0 of 3: 1, 0',
    refused: [`row 2: ${stray}`],
  },
  'text after a closing quote': {
    file: crlf(head(), line(n1, { Name: '"东"门' }), line(n2)),
    is: 'csv utf-8 , +1 =0 of 3: 1, 0',
    refused: [`row 2: ${stray}`],
  },
  'every cell in quotes': {
    file: crlf(head().replace(/[^,]+/g, '"$&"'), line(n1).replace(/[^,]+/g, '"$&"')),
    is: 'csv utf-8 , +1 =0 of 2: 1, 0',
  },
}

// Microsoft KB 269370, appscout 2008-07, newbetuts 861964, nctoro a480680, a495849 and a618756, excel-helper #12.
const excel: Group = {
  'codes that were numbers: one group, refused': {
    file: crlf(head(), line('43040500001320000000'), line('43040500001320000000'), line(n1)),
    is: 'csv utf-8 , +1 =0 of 4: 1, 0',
    refused: [`row 2: ${zeros('43040500001320000000')}`, `row 3: ${zeros('43040500001320000000')}`],
  },
  'a code in scientific notation': {
    file: crlf(head(), line('4.30405E+19'), line(n1)),
    is: 'csv utf-8 , +1 =0 of 3: 1, 0',
    refused: [`row 2: DeviceID is 4.30405E+19: ${lost}`],
  },
  'a parent that was a number': {
    file: crlf(head(), line(n1, { ParentID: '43040500002000000000' })),
    is: 'csv utf-8 , +0 =0 of 2: 1, 0',
    refused: [`row 2: ${zeros('43040500002000000000').replace('DeviceID', 'ParentID')}`],
  },
  'a serial number in scientific notation': {
    file: crlf(head(',', ['SerialNumber']), line(n1, { SerialNumber: '5.10322E+17' }, ',', ['SerialNumber'])),
    is: 'csv utf-8 , +0 =0 of 2: 1, 0',
    refused: [`row 2: SerialNumber is 5.10322E+17: ${lost}`],
  },
  'serial numbers of 18 and 19 digits that were numbers': {
    file: crlf(
      head(',', ['SerialNumber']),
      ...['123456789012345000', '1234567890123450000'].map((SerialNumber) =>
        line(n1, { SerialNumber }, ',', ['SerialNumber']),
      ),
    ),
    is: 'csv utf-8 , +0 =0 of 3: 1, 0',
    refused: ['000', '0000'].map(
      (are, n) => `row ${n + 2}: ${zeros(`123456789012345${are}`, are).replace('DeviceID', 'SerialNumber')}`,
    ),
  },
  'other identifiers that were numbers, a name of figures among them': {
    file: crlf(
      head(',', ['PoleNumber', 'Project']),
      line(n1, { PoleNumber: '９９０００００００００００１２０００' }, ',', ['PoleNumber', 'Project']),
      line(n1, { Project: '201900000000012000' }, ',', ['PoleNumber', 'Project']),
      line(n1, { Name: '990000000000001000' }, ',', ['PoleNumber', 'Project']),
      line(n1, { PoleNumber: '1,23457E+18' }, ',', ['PoleNumber', 'Project'])
        .replace('1,2', '"1,2')
        .replace('+18', '+18"'),
    ),
    is: 'csv utf-8 , +0 =0 of 5: 1, 0',
    refused: [
      `row 2: ${zeros('９９０００００００００００１２０００', '000').replace('DeviceID', 'PoleNumber')}`,
      `row 3: ${zeros('201900000000012000', '000').replace('DeviceID', 'Project')}`,
      `row 4: ${zeros('990000000000001000', '000').replace('DeviceID', 'Name')}`,
      `row 5: PoleNumber is 1,23457E+18: ${lost}`,
    ],
  },
  'long identifiers that no spreadsheet has rounded': {
    file: crlf(
      head(',', ['SerialNumber', 'PoleNumber']),
      line(n1, { SerialNumber: '510322198001018811', PoleNumber: '012345678901234500' }, ',', [
        'SerialNumber',
        'PoleNumber',
      ]),
      line(n2, { SerialNumber: '\t1234567890123450000', PoleNumber: '="1234567890123000"' }, ',', [
        'SerialNumber',
        'PoleNumber',
      ]),
      line(n3, { SerialNumber: "'1234567890123450000", PoleNumber: '123456789012340' }, ',', [
        'SerialNumber',
        'PoleNumber',
      ]),
    ),
    is: 'csv utf-8 , +3 =0 of 4: 1, 0',
    after: {
      [n1]: { serial: '510322198001018811', poleNumber: '012345678901234500' },
      [n2]: { serial: '1234567890123450000', poleNumber: '1234567890123000' },
      [n3]: { serial: '1234567890123450000', poleNumber: '123456789012340' },
    },
  },
  'a code that ends in 00000 and is marked as text': {
    file: crlf(head(), line('\t43040500001320000000'), line('="43040500001320100000"')),
    is: 'csv utf-8 , +2 =0 of 3: 1, 0',
  },
  'an apostrophe before the code': { file: crlf(head(), line(`'${n1}`)), is: 'csv utf-8 , +1 =0 of 2: 1, 0' },
  'dates with the year first': {
    file: crlf(
      head(',', ['InstallTime', 'PlannedAt']),
      line(n1, { InstallTime: '2024/2/29', PlannedAt: '2024年2月29日' }, ',', ['InstallTime', 'PlannedAt']),
      line(n2, { InstallTime: '2024.2.9', PlannedAt: '2024/2/29 0:00' }, ',', ['InstallTime', 'PlannedAt']),
      line(n3, { InstallTime: '20240229', PlannedAt: '2024-02-29' }, ',', ['InstallTime', 'PlannedAt']),
    ),
    is: 'csv utf-8 , +3 =0 of 4: 1, 0',
    after: {
      [n1]: { installTime: '2024-02-29', plannedAt: '2024-02-29' },
      [n2]: { installTime: '2024-02-09', plannedAt: '2024-02-29' },
      [n3]: { installTime: '2024-02-29', plannedAt: '2024-02-29' },
    },
  },
  'dates that may be two days, and one that is none': {
    file: crlf(
      head(',', ['InstallTime']),
      line(n1, { InstallTime: '03/05/2024' }, ',', ['InstallTime']),
      line(n2, { InstallTime: '2023/2/29' }, ',', ['InstallTime']),
      line(n3, { InstallTime: '45351' }, ',', ['InstallTime']),
    ),
    is: 'csv utf-8 , +0 =0 of 4: 1, 0',
    refused: [
      'row 2: InstallTime is 03/05/2024: Invalid ISO date',
      'row 3: InstallTime is 2023-02-29: Invalid ISO date',
      'row 4: InstallTime is 45351: Invalid ISO date',
    ],
  },
  'full-width figures in codes, not in names': {
    file: crlf(head(), line('４３０４０５００００１３２０００００１１', { Name: '３号', PointType: '３' })),
    is: 'csv utf-8 , +1 =0 of 2: 1, 0',
    after: { [n1]: { name: '３号', pointType: '3' } },
  },
  'what Excel shows instead of a value': {
    file: crlf(head(), line(n1, { Name: '#NAME?' }), line(n2, { Address: '########' }), line(n3, { Model: '#N/A' })),
    is: 'csv utf-8 , +0 =0 of 4: 1, 0',
    refused: ['Name is #NAME?', 'Address is ########', 'Model is #N/A'].map(
      (what, n) => `row ${n + 2}: ${what}: is what Excel shows instead of a value`,
    ),
  },
}

// rows #273, OpenRefine #653, sqlite-utils #804, duckdb #5013, postmangovsg #88, pandas #36343, NHS #3410, lute #612.
const hidden: Group = {
  'NUL in a cell': {
    file: crlf(head(), line(n1, { Name: '东\0门' })),
    is: 'csv utf-8 , +1 =0 of 2: 1, 0',
    after: { [n1]: { name: '东门' } },
  },
  'text turned from right to left': {
    file: crlf(head(), line(n1, { Name: '东\u202egpj.门\u2066' })),
    is: 'csv utf-8 , +1 =0 of 2: 1, 0',
    after: { [n1]: { name: '东gpj.门' } },
  },
  'a zero-width blank in the heading and in a code': {
    file: crlf(head().replace('Name', '\u200bName\ufeff'), line(`\u200b${n1}\u00a0`)),
    is: 'csv utf-8 , +1 =0 of 2: 1, 0',
  },
}

const changes: Group = {
  'changed with its fields, unchanged, created, twice in the file': {
    file: crlf(head(), line(n1), line(n1, { Name: '别' }), line(cameraA, { Name: '改', Stage: 'in-service' })),
    is: 'csv utf-8 , +1 =0 of 4: 1, 0',
    changed: ['row 4: Name,Address'],
    refused: [`row 3: DeviceID is ${n1}: is in row 2 already`],
    after: { [n1]: { name: '新机' } },
  },
  'as it is on record': {
    file: crlf(head(), line(cameraA, { Name: '相机 01', Address: '解放路 1 号', Stage: 'in-service' })),
    is: 'csv utf-8 , +0 =1 of 2: 1, 0',
  },
}

// gcoord #11 and #23, google_maps #15, coordtransform #22, latlong #49.
const coordinates: Group = {
  'declared as WGS-84': {
    file: crlf(head(',', place), line(n1, at('112.6', '26.9', 'WGS-84'), ',', place)),
    is: 'csv utf-8 , +1 =0 of 2: 1, 0',
    after: { [n1]: { longitude: '112.6', latitude: '26.9' } },
  },
  'declared row by row, in the spellings of people': {
    file: crlf(
      head(',', place),
      line(n1, at('112.6', '26.9', 'gcj02'), ',', place),
      line(n2, at('112.6', '26.9', '国家2000'), ',', place),
      line(n3, at('112.6', '26.9', 'BD09LL'), ',', place),
    ),
    is: 'csv utf-8 , +3 =0 of 4: 1, 0',
    // Computed apart, by the published formulas turned round step by step: some 650 m and 1.2 km away.
    after: {
      [n1]: { longitude: '112.5948', latitude: '26.9036' },
      [n2]: { longitude: '112.6000', latitude: '26.9000' },
      [n3]: { longitude: '112.5882', latitude: '26.8977' },
    },
  },
  'not declared': {
    file: crlf(head(',', place), line(n1, at('112.6', '26.9'), ',', place), line(n2, {}, ',', place)),
    is: 'csv utf-8 , +1 =0 of 3: 1, 0',
    refused: [
      `row 2: CoordinateSystem is missing: in which system is not said: add a column CoordinateSystem, or choose one of ${systems}`,
    ],
  },
  'chosen for the file': {
    file: crlf(head(',', place), line(n1, at('112.6', '26.9'), ',', place)),
    query: '?coordinates=GCJ-02',
    is: 'csv utf-8 , +1 =0 of 2: 1, 0',
    after: { [n1]: { longitude: '112.5948', latitude: '26.9036' } },
  },
  'chosen otherwise than declared, and a system that is none': {
    file: crlf(
      head(',', place),
      line(n1, at('112.6', '26.9', 'WGS-84'), ',', place),
      line(n2, at('112.6', '26.9', '北京54'), ',', place),
    ),
    query: '?coordinates=BD-09',
    is: 'csv utf-8 , +0 =0 of 3: 1, 0',
    refused: [
      'row 2: CoordinateSystem is WGS-84: but BD-09 was chosen for the file',
      `row 3: CoordinateSystem is 北京54: must be one of ${systems}`,
    ],
  },
  'half a position cannot be turned': {
    file: crlf(head(',', place), line(n1, at('112.6', '', 'BD-09'), ',', place)),
    is: 'csv utf-8 , +0 =0 of 2: 1, 0',
    refused: ['row 2: Latitude is missing: is needed with the other: a place has both'],
  },
}

// OpenRefine #2850, readxl #537, SheetJS #488 and #2114, FileTypeChecker #48, KB 269370.
const workbooks: Group = {
  'a workbook of text': {
    file: workbook([columns, cells(n1), [], cells('43040500001320000000')]),
    is: 'xlsx - - +2 =0 of 4: 1, 1',
  },
  'a workbook with dates and figures': {
    file: workbook([
      names(['InstallTime', 'PoleHeight', 'Port', 'SwitchPort']),
      cells(n1, { InstallTime: new Date('2024-02-29T00:00:00Z'), PoleHeight: 6.5, Port: 80, SwitchPort: 7 }, [
        'InstallTime',
        'PoleHeight',
        'Port',
        'SwitchPort',
      ]),
    ]),
    is: 'xlsx - - +1 =0 of 2: 1, 0',
    after: { [n1]: { installTime: '2024-02-29', poleHeight: '6.5', switchPort: '7' } },
  },
  'a workbook whose codes are numbers': {
    file: workbook([columns, cells(Number(n1)), cells(n2)]),
    is: 'xlsx - - +1 =0 of 3: 1, 0',
    refused: [`row 2: DeviceID is 4.30405000013200e+19: ${lost}`],
  },
  'a workbook whose serial numbers are numbers': {
    file: workbook([
      names(['SerialNumber']),
      cells(n1, { SerialNumber: Number('510322198001018811') }, ['SerialNumber']),
      cells(n2, { SerialNumber: 1234567890123456 }, ['SerialNumber']),
      cells(n3, { SerialNumber: '1234567890123450000' }, ['SerialNumber']),
    ]),
    is: 'xlsx - - +1 =0 of 4: 1, 0',
    refused: ['5.10322198001019e+17', '1.23456789012346e+15'].map(
      (serial, n) => `row ${n + 2}: SerialNumber is ${serial}: ${lost}`,
    ),
    after: { [n3]: { serial: '1234567890123450000' } },
  },
  'a workbook whose rows are in its third sheet, behind an empty one': {
    file: workbook([], [[null, ' ']], [columns, cells(n1)], [[]]),
    is: 'xlsx - - +1 =0 of 2: 1, 0',
  },
  'a workbook with hidden characters and a line break in a cell': {
    file: workbook([columns, cells(n1, { Name: '东\n门\u202e' })]),
    is: 'xlsx - - +1 =0 of 2: 1, 0',
    after: { [n1]: { name: '东 门' } },
  },
}

/** Files that are refused whole: nothing enters. */
const whole: { [name: string]: [Case['file'], string] } = {
  'an empty file': ['', 'the header has no line: the file is empty'],
  'blank lines alone': ['\r\n,,\r\n', 'the header has no line: the file is empty'],
  'a title above the heading': [
    crlf('衡阳市视频监控一机一档', head(), line(n1)),
    'the header has 衡阳市视频监控一机一档: no such column',
  ],
  'a column twice': [crlf(`${head()},Name`, line(n1)), 'the header has Name: a column twice'],
  'a column without a name in the middle': [
    crlf(head().replace('Model', ''), line(n1)),
    'the header has an empty column: no such column',
  ],
  'a required column left out': [
    crlf(head().replace(',Carrier', ''), line(n1)),
    'the header has no Carrier: the column is required',
  ],
  'a quote open in the heading': [
    crlf(head().replace('Name', '"Name'), line(n1)),
    'the header has malformed: opens a quote that does not close in this line: a cell holds no line break',
  ],
  'a workbook with rows in two sheets': [
    workbook([columns, cells(n1)], [columns, cells(n2)]),
    'the file is .xlsx: more than one sheet has rows: keep one',
  ],
  'a workbook with rows in a sheet behind an empty one': [
    workbook([columns, cells(n1)], [], [columns, cells(n2)]),
    'the file is .xlsx: more than one sheet has rows: keep one',
  ],
  'a workbook of 65 sheets': [
    workbook([columns, cells(n1)], ...Array.from({ length: 64 }, () => [])),
    'the file is .xlsx: more than 64 sheets: keep the one that has the rows',
  ],
  'an old workbook, or one with a password': [
    Buffer.from('d0cf11e0a1b11ae1000000000000', 'hex'),
    'the file is .xlsx: a workbook of the old kind, or one with a password: save it as .xlsx without one',
  ],
  'a workbook cut off': [
    workbook([columns, cells(n1)]).then((bytes) => bytes.subarray(0, 900)),
    'the file is .xlsx: a workbook that cannot be read',
  ],
  'a web page named .csv': [
    '<html><table><tr><td>1</td></tr></table></html>\n',
    'the header has <html><table><tr><td>1</td></tr></table></html>: no such column',
  ],
}

const groups = { lines, blanks, encodings, quotes, excel, hidden, changes, coordinates, workbooks }

let hub: Hub
beforeAll(async () => {
  hub = await startHub()
})
afterAll(() => hub.stop())

async function anew() {
  await hub.record.db.deleteFrom('device').execute()
  await hub.importRecords([camera(cameraA), camera(cameraB, { stage: 'planned' })])
}
const send = async (file: Case['file'], query?: string) =>
  hub.ask('oper', 'importDevices', { raw: await file, ...(query && { query }) })

function said({ file, created, unchanged }: ImportResult): string {
  const separator = file.separator === '\t' ? 'TAB' : file.separator
  const read = [file.format, file.encoding ?? '-', separator ?? '-'].join(' ')
  return `${read} +${created} =${unchanged} of ${file.lines}: ${file.heading}, ${file.blank}`
}

const near = (value: unknown, wanted: string) =>
  typeof value === 'number' && wanted.includes('.') ? value.toFixed(wanted.split('.')[1]!.length) : String(value)

test('they are at least sixty', () =>
  expect(Object.values(groups).flatMap(Object.keys).length + Object.keys(whole).length).toBeGreaterThanOrEqual(60))

describe.each(Object.entries(groups))('%s', (_, group) => {
  test.each(Object.entries(group))('%s', async (_, { file, is, refused = [], changed = [], after = {}, query }) => {
    await anew()
    const { json, status } = await send(file, query)
    expect(status, json.detail).toBe(200)
    const result = json as ImportResult
    expect(said(result)).toBe(is)
    expect(result.refused.map(({ message }) => message)).toEqual(refused)
    expect(result.changed.map(({ row, fields }) => `row ${row}: ${fields}`)).toEqual(changed)
    const { heading, blank } = result.file
    const rows = result.created + result.unchanged + result.changed.length + result.refused.length
    expect(heading + blank + rows, 'every line is accounted for').toBe(result.file.lines)
    const mentioned = [...result.changed.map(({ device }) => device), ...(is.includes('=1') ? [cameraA] : [])]
    expect(result.missing).toEqual([cameraA, cameraB].filter((id) => !mentioned.includes(id)))
    const stored = await hub.record.db.selectFrom('device').select(['id', 'record']).execute()
    expect(stored).toHaveLength(2 + result.created)
    for (const [id, fields] of Object.entries(after)) {
      const record = JSON.parse(stored.find((row) => row.id === id)!.record)
      for (const [field, wanted] of Object.entries(fields)) expect(near(record[field], wanted), field).toBe(wanted)
    }
  })
})

describe('refused whole', () => {
  test.each(Object.entries(whole))('%s', async (_, [file, message]) => {
    await anew()
    const { json, status } = await send(file)
    expect([status, json.detail]).toEqual([400, message])
    expect(await hub.record.db.selectFrom('device').select('id').execute()).toHaveLength(2)
  })
})
