/** Limits by the clock: warned of once, also after the hub was away. */
import { minuteMs } from '@hub/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { incidentsOf, lead } from '../testing/incidents.ts'
import { startWarnings } from './warnings.ts'

let hub: Hub
let on: ReturnType<typeof incidentsOf>
let stop: () => Promise<void>
beforeEach(async () => {
  hub = await startHub()
  on = incidentsOf(hub)
  stop = await startWarnings(hub.deps)
})
afterEach(async () => {
  await stop()
  await hub.stop()
})

const warnings = async (id: string) =>
  (await on.one(id)).log.filter(({ kind }) => kind === 'warning').map(({ detail }) => `${detail.step} ${detail.colour}`)
const requested = async () => {
  const rows = await hub.record.db
    .selectFrom('outbox')
    .select('body')
    .where('message', '=', 'notificationRequested')
    .execute()
  return rows.map(({ body }) => JSON.parse(body)[0]).filter(({ kind }) => kind === 'incident')
}

it('yellow comes at four fifths of a limit, red past it, each once', async () => {
  const { id } = await on.opened()
  await hub.clock.advanceAsync(4 * minuteMs - 5_000)
  expect(await warnings(id)).toEqual([])
  await hub.clock.advanceAsync(10_000)
  expect(await warnings(id)).toEqual(['verify yellow'])
  const told = on.told(id)
  await hub.clock.advanceAsync(5 * minuteMs)
  expect(await warnings(id)).toEqual(['verify yellow', 'verify red'])
  expect(on.told(id)).toBe(told + 1)
  expect((await on.one(id)).clock).toMatchObject({ step: 'verify', colour: 'red' })
  await hub.clock.advanceAsync(10 * minuteMs)
  expect(await warnings(id)).toHaveLength(2)
  expect(await on.audited(id)).toEqual(['cmdr incident.receive', 'hub incident.yellow', 'hub incident.red'])
  expect((await requested()).at(-1).state.overtime).toMatchObject([{ step: 'verify', unit: null, colour: 'red' }])
})

it('what passed while the hub was away is warned of at its start, once', async () => {
  const { id } = await on.opened()
  await stop()
  await hub.clock.advanceAsync(30 * minuteMs)
  expect(await warnings(id)).toEqual([])
  stop = await startWarnings(hub.deps)
  await hub.clock.advanceAsync(10_000)
  expect(await warnings(id)).toEqual(['verify red'])
  await stop()
  stop = await startWarnings(hub.deps)
  await hub.clock.advanceAsync(minuteMs)
  expect(await warnings(id)).toEqual(['verify red'])
})

it('a step that comes late is warned of all the same, before it is taken', async () => {
  const { id } = await on.opened()
  await stop()
  await hub.clock.advanceAsync(6 * minuteMs)
  const { log } = await on.acted(id, { act: 'verify' })
  expect(log.map(({ kind, step }) => step ?? kind)).toEqual(['receive', 'warning', 'verify'])
  stop = async () => {}
})

it('each unit that was sent has limits of its own; what is over has none', async () => {
  const { id } = await on.opened()
  const units = ['消防一中队', '交警二大队'].map((unit, n) => ({ unit, part: n === 0 ? 'lead' : 'assist' }))
  await on.acted(id, { act: 'verify' }, { act: 'grade', level: 1 }, { ...lead, units })
  await on.acted(id, { act: 'sign', unit: '消防一中队' })
  await hub.clock.advanceAsync(4 * minuteMs)
  expect(await warnings(id)).toEqual(['sign yellow', 'sign red', 'depart yellow'])
  await on.acted(id, { act: 'end', note: '误报' })
  await hub.clock.advanceAsync(60 * minuteMs)
  expect(await warnings(id)).toHaveLength(3)
  expect((await requested()).at(-1)).toMatchObject({ ended: true, importance: 'high' })
})
