import { expect, test } from 'vitest'
import { minuteMs } from '../common/time/units.ts'
import { addedStep, startedSteps, takePlanAct } from './plan.ts'

const t = Date.UTC(2026, 11, 1, 15, 55)
const step = (title: string, limitMinutes: number | null = null) => ({
  title,
  role: '值班长',
  limitMinutes,
  hint: null,
})
const steps = startedSteps([step('通知街道', 10), step('封路')], t)

test('the copy of a plan is in its order, its limits count from the start, over midnight too', () => {
  expect(steps.map(({ seq, title, due, state, added }) => ({ seq, title, due, state, added }))).toEqual([
    { seq: 1, title: '通知街道', due: t + 10 * minuteMs, state: 'open', added: false },
    { seq: 2, title: '封路', due: null, state: 'open', added: false },
  ])
})

test('a step that is added comes after all others, and counts from then', () => {
  expect(addedStep(steps, step('转移群众', 30), t + minuteMs)).toMatchObject({
    seq: 3,
    due: t + 31 * minuteMs,
    added: true,
  })
  expect(addedStep([], step('转移群众'), t).seq).toBe(1)
})

test('a step is ticked or skipped once; assigned as often as it is open', () => {
  const ticked = takePlanAct(steps, { act: 'tick', seq: 1, note: null }, 'cmdr', t + 1)
  expect(ticked).toMatchObject({ ok: true, step: { state: 'done', by: 'cmdr', at: t + 1 } })
  if (!ticked.ok) return
  const after = [ticked.step, steps[1]!]
  for (const act of ['tick', 'skip'] as const)
    expect(takePlanAct(after, { act, seq: 1, note: '重复' }, 'oper', t + 2)).toEqual({ ok: false, why: 'closed' })
  expect(takePlanAct(after, { act: 'assign', seq: 1, assignee: '李四' }, 'oper', t + 2)).toEqual({
    ok: false,
    why: 'closed',
  })
  expect(takePlanAct(after, { act: 'assign', seq: 2, assignee: '李四' }, 'oper', t)).toMatchObject({
    ok: true,
    step: { assignee: '李四', state: 'open', by: null },
  })
  expect(takePlanAct(after, { act: 'tick', seq: 9, note: null }, 'oper', t)).toEqual({ ok: false, why: 'unknown' })
})
