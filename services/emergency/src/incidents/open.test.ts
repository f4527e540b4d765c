/** Alarms join an incident that is open, near and of their type; never one that is over. */
import { minuteMs } from '@hub/core'
import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Hub, sensorA, startHub } from '../../../hub/src/testing/hub.ts'
import type { EmergencyDb } from '../tables.ts'
import { incidentsOf } from '../testing/incidents.ts'
import { type OpenInput, openIncident } from './open.ts'

let hub: Hub
let on: ReturnType<typeof incidentsOf>
beforeEach(async () => {
  hub = await startHub()
  on = incidentsOf(hub)
})
afterEach(() => hub.stop())

const at = { longitude: 112.6206, latitude: 26.8946 }
const north = (metres: number) => ({ ...at, latitude: at.latitude + metres / 111_195 })
const alarm = (reference: string | null, more: Partial<OpenInput> = {}) =>
  tablesOf<EmergencyDb>(hub.record).transaction((trx) =>
    openIncident(
      hub.deps,
      trx,
      {
        drill: false,
        title: '水位超限',
        class: 'natural-disaster',
        type: 'flood',
        origin: { source: 'sensor', reference, device: sensorA, rule: null },
        district: '430405',
        address: '',
        point: at,
        occurredAt: hub.clock.now(),
        join: { metres: 500, minutes: 30 },
        ...more,
      },
      'hub',
    ),
  )

it('what is near, soon and of one type is one incident with all its reports', async () => {
  const first = await alarm('a-1')
  expect(first.opened).toBe(true)
  await hub.clock.advanceAsync(29 * minuteMs)
  expect(await alarm('a-2', { point: north(499) })).toEqual({ ...first, opened: false })
  // Its last report counts: it goes on.
  await hub.clock.advanceAsync(29 * minuteMs)
  expect(await alarm(null, { point: north(-499) })).toEqual({ ...first, opened: false })
  const incident = await on.one(first.id)
  expect(incident).toMatchObject({ reports: 3, origin: { source: 'sensor', reference: 'a-1', device: sensorA } })
  expect(incident.log.at(-2)).toMatchObject({
    kind: 'link',
    detail: { joined: true, reference: 'a-2', device: sensorA },
  })
})

it('the same reference again is no new report, whether it opened or joined', async () => {
  const first = await alarm('a-1')
  await alarm('a-2')
  for (const reference of ['a-1', 'a-2', 'a-1']) expect(await alarm(reference)).toEqual({ ...first, opened: false })
  expect(await on.one(first.id)).toMatchObject({ reports: 2, log: { length: 2 } })
})

it.each<[string, () => Partial<OpenInput>]>([
  ['farther away', () => ({ point: north(501) })],
  ['of another type', () => ({ type: 'weather' })],
  ['a drill', () => ({ drill: true })],
  ['without a place', () => ({ point: null })],
  ['not to be joined', () => ({ join: null })],
])('one that is %s opens another', async (_, more) => {
  await alarm('a-1')
  expect((await alarm('a-2', more())).opened).toBe(true)
})

it('later it opens another, and so it does when the first is over', async () => {
  const first = await alarm('a-1')
  await hub.clock.advanceAsync(30 * minuteMs + 1)
  const second = await alarm('a-2')
  expect(second.opened).toBe(true)
  await on.acted(second.id, { act: 'verify' }, { act: 'grade', level: 4 }, { act: 'end', note: '已退水' })
  await on.acted(first.id, { act: 'dismiss', note: '误报' })
  expect((await alarm('a-3')).opened).toBe(true)
})

it('two of one moment open one', async () => {
  const both = await Promise.all([alarm('a-1'), alarm('a-2')])
  expect(both.map(({ opened }) => opened)).toEqual([true, false])
  expect(both[0]!.id).toBe(both[1]!.id)
})

it('the nearest of several is joined', async () => {
  await alarm('a-1', { point: north(400), join: null })
  const near = await alarm('a-2', { point: north(100), join: null })
  expect((await alarm('a-3')).id).toBe(near.id)
})
