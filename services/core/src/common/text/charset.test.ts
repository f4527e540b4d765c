import { expect, test } from 'vitest'
import { decodeLines } from '../table/decode.ts'
import { decodeEither, isMeantAsUtf8 } from './charset.ts'

const gbk = new TextDecoder('gb18030', { fatal: true })
const utf8Of = (text: string) => Buffer.from(text)

test.each([
  'Müller',
  'Zoë',
  'créée',
  'Señor López',
  'français',
  'Dvořák',
  'Škoda',
  'Ärzte',
  'Ω',
  '10kΩ',
  '5 μF',
  '25°',
  '4 m²',
  '±5 V',
  '3µm',
  'Москва',
  'Αθήνα',
  'Citroën 2·0',
])('%s in UTF-8 is UTF-8', (text) => {
  expect(isMeantAsUtf8(text)).toBe(true)
  expect(decodeLines(utf8Of(`DeviceID,Name\r\n1,${text}\r\n`))).toMatchObject({ encoding: 'utf-8' })
  expect(decodeEither(utf8Of(text), { before: '', after: '' })).toBe(text)
})

/** Each in GBK bytes, which are valid UTF-8. */
test.each([
  ['通学路', 'cda8d1a7c2b7'],
  ['小学路', 'd0a1d1a7c2b7'],
  ['路', 'c2b7'],
  ['3路', '33c2b7'],
  ['A路B', '41c2b742'],
  ['学校', 'd1a7d0a3'],
  ['位', 'cebb'],
  ['鲁A12345', 'c2b3413132333435'],
  ['5楼', '35c2a5'],
  ['毛小路', 'c3abd0a1c2b7'],
  ['煤', 'c3ba'],
])('%s in GBK is GBK', (text, hex) => {
  const bytes = Buffer.from(hex, 'hex')
  expect(gbk.decode(bytes)).toBe(text)
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).not.toThrow()
  const file = Buffer.concat([utf8Of('DeviceID,Name\r\n1,'), bytes, utf8Of('\r\n')])
  const { encoding, lines } = decodeLines(file)
  expect([encoding, [...lines][1]!.text]).toEqual(['gb18030', `1,${text}`])
  expect(decodeEither(bytes, { before: '', after: '' })).toBe(text)
})

test('in a file most lines decide', () => {
  const encodingOf = (...lines: (string | Buffer)[]) =>
    decodeLines(Buffer.concat(lines.flatMap((line) => [Buffer.from(line), utf8Of('\n')]))).encoding
  const [road, school] = [Buffer.from('cda8d1a7c2b7', 'hex'), Buffer.from('d1a7d0a3', 'hex')]
  expect(encodingOf(road, school, 'Müller')).toBe('gb18030')
  expect(encodingOf(road, 'Müller', 'Ω')).toBe('utf-8')
  // What is surely one of them decides before what may be either.
  expect(encodingOf('衡阳', road, school)).toBe('utf-8')
  expect(encodingOf(Buffer.from('bae2', 'hex'), 'Müller', 'Ω')).toBe('gb18030')
})

test.each([
  ['ff', undefined],
  ['e9', undefined],
  ['', ''],
  ['41', 'A'],
  ['e8a1a1', '衡'],
  ['bae2', '衡'],
])('bytes %s are %s', (hex, text) =>
  expect(decodeEither(Buffer.from(hex, 'hex'), { before: '', after: '' })).toBe(text),
)
