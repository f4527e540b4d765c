import { describe, expect, test } from 'vitest'
import { choosePreset } from './preset.ts'
import { type ActionProgress, attempt, receive, resume } from './run.ts'

const waiting: ActionProgress = {
  state: 'waiting',
  attempts: 0,
  retries: 2,
  nextAt: 0,
  startedAt: null,
  finishedAt: null,
  deadline: 60_000,
  reason: null,
}
const failure = { ok: false, reason: 'command.failed', lasting: false } as const

describe('an action', () => {
  test('is tried again after pauses, as often as it may be, then has failed', () => {
    let action: ActionProgress = waiting
    const pauses: number[] = []
    for (let now = 0; action.state === 'waiting'; now = action.nextAt) {
      action = receive(attempt(action, now)!, failure, now)
      pauses.push(action.nextAt - now)
    }
    expect(pauses.slice(0, 2)).toEqual([1_000, 2_000])
    expect(action).toMatchObject({ state: 'failed', attempts: 3, reason: 'command.failed' })
  })
  test('is not tried after its deadline, nor where a further try would come after it', () => {
    expect(attempt(waiting, 60_000)).toBeUndefined()
    expect(receive({ ...waiting, attempts: 1, deadline: 900 }, failure, 0).state).toBe('failed')
  })
  test('that will not be otherwise is not tried again', () => {
    expect(receive({ ...waiting, attempts: 1 }, { ...failure, lasting: true }, 0).state).toBe('failed')
  })
  test('that was sent when the hub died is asked for again, at no cost of a try', () => {
    const sent = attempt(waiting, 5)!
    expect(resume(sent, 9)).toMatchObject({ state: 'waiting', attempts: 0, nextAt: 9, startedAt: 5 })
    const done = receive(sent, { ok: true }, 7)
    expect(resume(done, 9)).toBe(done)
  })
})

describe('a preset', () => {
  const presets = ['全景', '路口东', '路口西', '人行道', '解放路口'].map((name, n) => ({ token: `${n}`, name }))
  test('is the one of that name, and none when there is none', () => {
    expect(choosePreset(presets, '人行道', { address: '', bearing: null })?.token).toBe('3')
    expect(choosePreset(presets, '河边', { address: '路口东', bearing: null })).toBeUndefined()
  })
  test('without a name is the one whose name is like the address, or of the side on which the place lies', () => {
    expect(choosePreset(presets, null, { address: '蒸湘区解放路口北侧', bearing: null })?.name).toBe('解放路口')
    expect(choosePreset(presets, null, { address: '', bearing: 265 })?.name).toBe('路口西')
    expect(choosePreset([presets[0]!], null, { address: '', bearing: 90 })).toBeUndefined()
  })
})
