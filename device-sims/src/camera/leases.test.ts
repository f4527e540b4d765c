import { expect, it } from 'vitest'
import { generateFleet } from '../fleet/generate.ts'
import { type Camera, createCamera } from './camera.ts'
import { createLeases } from './leases.ts'
import { profileNamed } from './profiles/index.ts'

const fleet = generateFleet({ seed: 9, cameras: 12, sensors: 0 })
const make = (profile: string, n: number) => createCamera(fleet.cameras[n]!, profileNamed(profile), fleet.login)
const back = (leases: ReturnType<typeof createLeases>, camera: Camera) => {
  camera.starts++
  return leases.restarted(camera)
}

it('two of a pair that were both without power have each other’s address, and have their own after the next cut', () => {
  const [one, other, third, steady] = ['trades-address', 'trades-address', 'trades-address', 'plain'].map(make)
  const cameras = [one!, steady!, other!, third!]
  const own = cameras.map(({ address }) => address)
  const leases = createLeases(cameras, () => true)
  const now = () => cameras.map(({ address }) => own.indexOf(address))
  expect(back(leases, one!)).toEqual([])
  expect([back(leases, steady!), back(leases, third!)]).toEqual([[], []])
  expect(back(leases, other!)).toEqual([other, one])
  expect(now()).toEqual([2, 1, 0, 3])
  expect(own.map((address) => leases.byAddress.get(address))).toEqual([other, steady, one, third])
  back(leases, other!)
  back(leases, one!)
  expect(now()).toEqual([0, 1, 2, 3])
})

it('what cannot be moved stays', () => {
  const [one, other] = ['trades-address', 'trades-address'].map(make)
  const leases = createLeases([one!, other!], () => false)
  back(leases, one!)
  expect(back(leases, other!)).toEqual([])
  expect(leases.byAddress.get(one!.spec.ipAddress)).toBe(one)
})
