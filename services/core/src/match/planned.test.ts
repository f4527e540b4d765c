import { expect, test } from 'vitest'
import { matchPlanned } from './planned.ts'

const planned = [
  { id: '43040500001321000001', ipAddress: '10.1.0.1', name: '解放路 1' },
  { id: '43040500001321000002', name: '解放路 2' },
  { id: '43040500001321000003', ipAddress: null, name: '中山路' },
  { id: '43040500001321000004', name: '中山路' },
  { id: '43040500001321000005', ipAddress: '10.1.0.5' },
  { id: '43040500001321000006', ipAddress: '10.1.0.5' },
]

test.each([
  ['by address', { address: '10.1.0.1' }, '43040500001321000001'],
  ['by address before name', { address: '10.1.0.1', name: '解放路 2' }, '43040500001321000001'],
  ['by name when no record has the address', { address: '10.1.0.9', name: ' 解放路 2 ' }, '43040500001321000002'],
  ['not when two records have the name', { address: '10.1.0.9', name: '中山路' }, null],
  [
    'not when two records have the address, even if a name would decide',
    { address: '10.1.0.5', name: '解放路 2' },
    null,
  ],
  ['not by the name of a record with another address', { address: '10.1.0.9', name: '解放路 1' }, null],
  ['not without a name', { address: '10.1.0.9' }, null],
  ['not by an empty name', { address: '10.1.0.9', name: ' ' }, null],
])('a found device is matched %s', (_, found, id) => {
  expect(matchPlanned(found, planned)).toBe(id)
})
