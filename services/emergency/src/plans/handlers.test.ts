/** Plans: written in versions, bound as a copy, worked off step by step. */
import type { Plan } from '@hub/contracts'
import { minuteMs } from '@hub/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { incidentsOf } from '../testing/incidents.ts'

let hub: Hub
let on: ReturnType<typeof incidentsOf>
beforeEach(async () => {
  hub = await startHub()
  on = incidentsOf(hub)
})
afterEach(() => hub.stop())

const draft = {
  name: '城区内涝应急预案',
  class: 'natural-disaster',
  type: 'flood',
  levels: [2, 3],
  steps: [
    { title: '通知街道', role: '值班长', limitMinutes: 10, hint: '0734-8123456' },
    { title: '封闭下穿隧道', role: '现场指挥', limitMinutes: null, hint: null },
  ],
}
const write = async (body: object = draft): Promise<Plan> => (await hub.ask('cmdr', 'createPlan', { body })).json
const next = (id: string, body: object) => hub.ask('oper', 'changePlan', { params: { id }, body })

it('is kept in versions; an incident keeps the one that it has bound', async () => {
  const plan = await write()
  expect(plan).toMatchObject({ ...draft, version: 1, by: 'cmdr', retired: false })
  const { id } = await on.opened()
  const bound = await on.acted(id, { act: 'start-plan', plan: plan.id })
  expect((await next(plan.id, { ...draft, steps: [draft.steps[1]] })).json).toMatchObject({ version: 2, by: 'oper' })
  const { plan: own } = await on.one(id)
  expect(own).toEqual(bound.plan)
  expect(own).toMatchObject({ plan: plan.id, version: 1, startedBy: 'cmdr', steps: { length: 2 } })
  expect(own!.steps[0]!.due).toBe(own!.startedAt + 10 * minuteMs)
  const { json } = await hub.ask('audit', 'plans')
  expect(json.plans).toMatchObject([{ id: plan.id, version: 2, steps: { length: 1 } }])
  expect(await on.audited(plan.id)).toEqual(['cmdr plan.create', 'oper plan.change'])
})

it('is ticked, skipped with the reason, assigned and added to; each is a line of the log', async () => {
  const { id } = await on.opened()
  await on.acted(id, { act: 'start-plan', plan: (await write()).id })
  expect((await on.act(id, { act: 'skip', seq: 2 })).status).toBe(400)
  const { plan, log } = await on.acted(
    id,
    { act: 'assign', seq: 1, assignee: '李四' },
    { act: 'tick', seq: 1, note: '已通知' },
    { act: 'skip', seq: 2, note: '隧道已关闭' },
    { act: 'add-step', step: { title: '转移群众', role: '街道', limitMinutes: 30, hint: null } },
  )
  expect(plan!.steps.map(({ seq, state, assignee, note, added }) => ({ seq, state, assignee, note, added }))).toEqual([
    { seq: 1, state: 'done', assignee: '李四', note: '已通知', added: false },
    { seq: 2, state: 'skipped', assignee: null, note: '隧道已关闭', added: false },
    { seq: 3, state: 'open', assignee: null, note: null, added: true },
  ])
  expect(log.filter(({ kind }) => kind === 'plan').map(({ detail }) => `${detail.act} ${detail.seq ?? ''}`)).toEqual([
    'start ',
    'assign 1',
    'tick 1',
    'skip 2',
    'add 3',
  ])
  expect((await on.act(id, { act: 'tick', seq: 1 })).json.detail).toBe(
    'tick is not possible now: step 1 is done or skipped already',
  )
  expect((await on.act(id, { act: 'tick', seq: 9 })).json.detail).toBe('seq is 9: is no step of the plan')
})

it('is one for an incident, and none that is retired', async () => {
  const plan = await write()
  const { id } = await on.opened()
  expect((await on.act(id, { act: 'tick', seq: 1 })).json.detail).toBe('tick is not possible now: no plan was started')
  await on.acted(id, { act: 'start-plan', plan: plan.id })
  expect((await on.act(id, { act: 'start-plan', plan: plan.id })).json.detail).toBe(
    'start a plan is not possible now: the plan 城区内涝应急预案 was started already',
  )
  expect((await hub.ask('cmdr', 'retirePlan', { params: { id: plan.id } })).json.retired).toBe(true)
  const other = await on.opened()
  const refused = 'plan is 城区内涝应急预案: is offered no more'
  expect((await on.act(other.id, { act: 'start-plan', plan: plan.id })).json.detail).toBe(refused)
  expect((await next(plan.id, draft)).json.detail).toBe(refused)
  expect((await on.act(other.id, { act: 'start-plan', plan: id })).json.code).toBe('plan.unknown')
  expect((await hub.ask('audit', 'createPlan', { body: draft })).status).toBe(403)
})
