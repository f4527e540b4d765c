import type { Transition } from '@hub/contracts'
import { expect, it } from 'vitest'
import { createLiveModel, type LiveDevice } from './model.ts'

const device = (state: LiveDevice['state'], since: number): LiveDevice => ({
  ...{ id: '43040500001320000001', name: 'n', district: '430405', application: 'safe-city', carrier: 'telecom' },
  ...{ kind: 'camera', pole: null, feed: null, stage: 'in-service', state, since, exempt: false },
})
const decided = (to: Transition['to'], decidedAt: number) =>
  ({ device: device('up', 0).id, to, at: decidedAt, decidedAt }) as Transition

it('what was decided while the rows were read stands against them; what was decided before does not', () => {
  const model = createLiveModel()
  model.load([device('up', 1)], 10)
  model.apply(decided('down', 25))
  expect(model.load([device('up', 1)], 20)).toEqual([])
  expect(model.devices('city')[0]).toMatchObject({ state: 'down', since: 25 })
  expect(model.load([device('up', 30)], 40)).toMatchObject([{ state: 'up', since: 30 }])
})

it('a device stays exempt over a reading, until it is marked anew', () => {
  const model = createLiveModel()
  model.load([device('up', 1)], 10)
  model.devices('city')[0]!.exempt = true
  model.load([device('up', 1)], 20)
  expect(model.devices('city')[0]!.exempt).toBe(true)
})
