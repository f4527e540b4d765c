import type { Transition } from '@hub/contracts'
import { expect, it } from 'vitest'
import { createLiveModel, type LiveDevice } from './model.ts'

const everybody = { scope: 'city', units: 'all' } as const
const device = (state: LiveDevice['state'], since: number): LiveDevice => ({
  id: '43040500001320000001',
  name: 'n',
  district: '430405',
  application: 'safe-city',
  carrier: 'telecom',
  kind: 'camera',
  pole: null,
  feed: null,
  stage: 'in-service',
  state,
  since,
  maintainer: null,
  exempt: false,
})
const decided = (to: Transition['to'], decidedAt: number) =>
  ({ device: device('up', 0).id, to, at: decidedAt, decidedAt }) as Transition

it('what was decided while the rows were read stands against them; what was decided before does not', () => {
  const model = createLiveModel()
  model.load([device('up', 1)], 10)
  model.apply(decided('down', 25))
  expect(model.load([device('up', 1)], 20)).toEqual([])
  expect(model.devices(everybody)[0]).toMatchObject({ state: 'down', since: 25 })
  expect(model.load([device('up', 30)], 40)).toMatchObject([{ state: 'up', since: 30 }])
})

it('what is decided of a device before its row has been read stands against that row, if the row may be older', () => {
  const model = createLiveModel()
  expect(model.apply(decided('down', 25))).toBe(false)
  expect(model.update([device('up', 1)], [], 20)).toEqual([])
  expect(model.get(device('up', 1).id)).toMatchObject({ state: 'down', since: 25 })
  expect(model.apply(decided('up', 24))).toBe(false)
  expect(model.update([device('up', 30)], [], 40)).toMatchObject([{ state: 'up', since: 30 }])
})

it('one device is read again, comes or goes, without the others', () => {
  const model = createLiveModel()
  const other = (id: string, state: LiveDevice['state']) => ({ ...device(state, 1), id })
  model.load([other('b', 'up'), other('d', 'up')], 10)
  expect(model.update([other('c', 'up'), other('a', 'down'), other('b', 'down')], ['d'], 20)).toMatchObject([
    { id: 'b', state: 'down' },
  ])
  expect(model.devices(everybody).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  model.apply({ ...decided('up', 35), device: 'b' })
  expect(model.update([other('b', 'down')], [], 30)).toEqual([])
  expect(model.get('b')).toMatchObject({ state: 'up' })
})

it('a device stays exempt over a reading, until it is marked anew', () => {
  const model = createLiveModel()
  model.load([device('up', 1)], 10)
  model.devices(everybody)[0]!.exempt = true
  model.load([device('up', 1)], 20)
  expect(model.devices(everybody)[0]!.exempt).toBe(true)
})
