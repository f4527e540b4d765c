import { tablesOf } from '@hub/platform'
import { describe, expect, it } from 'vitest'
import { openRecord } from '../../hub/src/testing/record.ts'
import type { RegistryData } from './tables.ts'
import { importTopology, listTopology, topologyRowOf } from './topology.ts'

const east = '43040500001320000001'
const west = '43042100001320000002'
const row = (DeviceID: string, Need: string, Alternatives: string) => ({ DeviceID, Need, Alternatives })

async function city() {
  const record = tablesOf<RegistryData>(await openRecord(':memory:'))
  for (const id of [east, west])
    record.sqlite
      .prepare(
        `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, updated_at)
         VALUES (?, ?, 'camera', 'safe-city', 'telecom', '3', 'in-service', '', '', '{}', 0)`,
      )
      .run(id, id.slice(0, 6))
  return record
}

describe('imported topology', () => {
  it('is read back as it was written, and replaced device by device', async () => {
    const { db } = await city()
    const rows = [row(east, '1', 'switch:SW-1|switch:SW-2'), row(east, '2', 'feed:F-1'), row(west, '1', 'pole:P-9')]
    expect(await importTopology(db, 'city', rows)).toEqual({
      devices: new Map([
        [east, 'created'],
        [west, 'created'],
      ]),
      needs: 3,
      errors: [],
    })
    expect((await listTopology(db, 'city')).map(topologyRowOf)).toEqual(rows)
    expect(await listTopology(db, ['430421'])).toEqual([{ device: west, need: 1, alternatives: ['pole:P-9'] }])
    const { devices } = await importTopology(db, 'city', [row(east, '1', 'feed:F-2'), row(west, '', '')])
    expect([...devices.values()]).toEqual([
      { changed: ['Need', 'Alternatives'] },
      { changed: ['Need', 'Alternatives'] },
    ])
    const again = await importTopology(db, 'city', [row(east, '1', 'feed:F-2')])
    expect(again.devices).toEqual(new Map([[east, 'unchanged']]))
    expect((await listTopology(db, 'city')).map(topologyRowOf)).toEqual([row(east, '1', 'feed:F-2')])
  })
  it.each([
    [row('43040500001320000009', '1', 'pole:P'), 'DeviceID', 'is no device on record in your districts'],
    [row(west, '1', 'pole:P'), 'DeviceID', 'is no device on record in your districts'],
    [row(east, '0', 'pole:P'), 'Need', 'must be 1 to 16'],
    [row(east, '1', 'device:x'), 'Alternatives', 'must be KIND:KEY with a kind of port, pole, place, recorder, switch'],
    [row(east, '1', 'pole'), 'Alternatives', 'must be KIND:KEY'],
    [row(east, '1', 'pole:'), 'Alternatives', 'must have a key of 1 to 160 characters'],
    [row(east, '1', `pole:${'x'.repeat(161)}`), 'Alternatives', 'must have a key of 1 to 160 characters'],
    [row(east, '1', 'switch:A|switch:A'), 'Alternatives', 'names one thing twice'],
    [row(east, '1', Array.from({ length: 9 }, (_, n) => `switch:${n}`).join('|')), 'Alternatives', '8 at most'],
  ])('refuses %j and takes the other devices in', async (bad, field, limit) => {
    const { db } = await city()
    const { errors, devices } = await importTopology(db, ['430405'], [bad])
    expect(devices.size).toBe(0)
    expect(errors.map(({ params: { row, field }, message }) => ({ row, field, message }))).toEqual([
      { row: 1, field, message: expect.stringContaining(limit) },
    ])
  })
  it('takes all rows of a device or none, and names a need that is there twice', async () => {
    const { db } = await city()
    const rows = [
      row(east, '1', 'pole:P'),
      row(east, '1', 'pole:Q'),
      row(west, '1', 'pole:R'),
      row(east, '2', 'feed:F'),
    ]
    const { devices, errors } = await importTopology(db, 'city', rows)
    expect(devices).toEqual(new Map([[west, 'created']]))
    expect(errors.map(({ params }) => params.row)).toEqual([2])
    expect((await listTopology(db, 'city')).map(({ device }) => device)).toEqual([west])
  })
})
