import { describe, expect, test } from 'vitest'
import { indexPlanned, matchPlanned } from './match-planned.ts'
import { matchRollout } from './match-rollout.ts'

const id = (n: number, district = '430405') => `${district}00001321${String(n).padStart(6, '0')}`
const planned = [
  { id: id(1), ipAddress: '10.1.0.1', name: '解放路 1' },
  { id: id(2), name: '解放路 2' },
  { id: id(3), ipAddress: null, name: '中山路' },
  { id: id(4), name: '中山路' },
  { id: id(5), ipAddress: '10.1.0.5' },
  { id: id(6), ipAddress: '10.1.0.5' },
  { id: id(7), serial: 'ds-0007', mac: '44:19:b6:00:00:07', ipAddress: '10.1.0.7' },
  { id: id(8), mac: '44-19-B6-00-00-08', ipAddress: '10.1.0.8' },
  { id: id(9, '430426'), ipAddress: '10.1.0.1' },
  { id: id(10), serial: 'DS-0010', ipAddress: '10.1.0.5' },
]
const index = indexPlanned(planned)
const city = new Set(['430405'])
const refused = (reason: string, by: string, ...candidates: string[]) => ({ device: null, reason, by, candidates })
const none = { device: null, reason: 'none' }

describe('a found device is matched', () => {
  test.each([
    ['by address', { address: '10.1.0.1' }, { device: id(1), by: 'address' }],
    ['by address before name', { address: '10.1.0.1', name: '解放路 2' }, { device: id(1), by: 'address' }],
    [
      'by name when no record has the address',
      { address: '10.1.0.9', name: ' 解放路 2 ' },
      { device: id(2), by: 'name' },
    ],
    [
      'by the code in its name before its address',
      { address: '10.1.0.1', name: `IPC ${id(2)}` },
      { device: id(2), by: 'code' },
    ],
    ['by the code that is its serial', { address: '10.1.0.99', serial: id(3) }, { device: id(3), by: 'code' }],
    ['by serial, however it is written', { address: '10.9.9.9', serial: ' DS-0007 ' }, { device: id(7), by: 'serial' }],
    [
      'by serial before MAC',
      { address: '10.9.9.9', serial: 'DS-0007', mac: '4419b6000008' },
      { device: id(7), by: 'serial' },
    ],
    ['by MAC, however it is parted', { address: '10.9.9.9', mac: '4419b6000008' }, { device: id(8), by: 'mac' }],
    [
      'by address among two, when the serial rules one out',
      { address: '10.1.0.7', serial: 'DS-0007' },
      { device: id(7), by: 'serial' },
    ],
  ])('%s', (_, found, match) => {
    expect(matchPlanned(found, index, city)).toEqual(match)
  })
})

describe('a found device is not matched', () => {
  test.each([
    [
      'when two records have the name',
      { address: '10.1.0.9', name: '中山路' },
      refused('ambiguous', 'name', id(3), id(4)),
    ],
    [
      'when several records have the address, even if a name would decide',
      { address: '10.1.0.5', name: '解放路 2' },
      refused('ambiguous', 'address', id(5), id(6), id(10)),
    ],
    [
      'by the name of a record with another address',
      { address: '10.1.0.9', name: '解放路 1' },
      refused('contradicted', 'name', id(1)),
    ],
    [
      'by the address of a record with another serial',
      { address: '10.1.0.7', serial: 'DS-9999' },
      refused('contradicted', 'address', id(7)),
    ],
    [
      'by the address of a record when it names another code',
      { address: '10.1.0.8', name: id(99) },
      refused('contradicted', 'address', id(8)),
    ],
    ['without a name', { address: '10.1.0.9' }, none],
    ['by an empty name', { address: '10.1.0.9', name: ' ' }, none],
    ['by a MAC of zeros', { address: '10.1.0.9', mac: '00:00:00:00:00:00' }, none],
    ['by a number that only looks like a code', { address: '10.1.0.9', name: '9'.repeat(20) }, none],
  ])('%s', (_, found, match) => {
    expect(matchPlanned(found, index, city)).toEqual(match)
  })

  test('by a record of a district that its gateway does not serve', () => {
    expect(matchPlanned({ address: '10.1.0.1' }, index, new Set(['430426']))).toEqual({
      device: id(9, '430426'),
      by: 'address',
    })
    expect(matchPlanned({ address: '10.1.0.1' }, index)).toEqual(
      refused('ambiguous', 'address', id(1), id(9, '430426')),
    )
    expect(matchPlanned({ address: '10.1.0.2', name: id(1) }, index, new Set(['430426']))).toEqual(none)
  })
})

describe('a rollout', () => {
  const at = (endpoint: string, address: string, more: object = {}) => ({ endpoint, address, districts: city, ...more })

  test('two devices that claim one record by signs of the same trust both wait', () => {
    const matches = matchRollout([at('a', '10.1.0.1'), at('b', '10.1.0.1'), at('c', '10.1.0.8')], index)
    const contested = refused('contested', 'address', id(1))
    expect(matches).toEqual([contested, contested, { device: id(8), by: 'address' }])
  })

  test('the more trusted sign has it, in whatever order they come', () => {
    const [honest, other] = [at('a', '10.9.9.9', { mac: '44:19:B6:00:00:08' }), at('b', '10.1.0.8')]
    const has = { device: id(8), by: 'mac' }
    const lost = refused('contested', 'address', id(8))
    expect(matchRollout([honest, other], index)).toEqual([has, lost])
    expect(matchRollout([other, honest], index)).toEqual([lost, has])
  })

  test('one device that two gateways found does not contest itself', () => {
    const match = { device: id(1), by: 'address' }
    expect(matchRollout([at('a', '10.1.0.1'), at('a', '10.1.0.1')], index)).toEqual([match, match])
  })

  test('20,000 found and 20,000 planned are looked up, not compared', () => {
    const many = Array.from({ length: 20_000 }, (_, n) => n + 1)
    const address = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`
    const records = many.map((n) => ({ id: id(n), ipAddress: address(n), name: '同名' }))
    const found = many.map((n) => at(`urn:${n}`, address(n), { name: '同名' }))
    let read = 0
    const watched = found.map((device) => ({
      ...device,
      get serial() {
        read++
        return undefined
      },
    }))
    const matches = matchRollout(watched, indexPlanned(records))
    expect(matches.every((match, n) => match.device === id(n + 1))).toBe(true)
    expect(read).toBeLessThanOrEqual(20_000)
  })
})
