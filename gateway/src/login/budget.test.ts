import { createManualClock } from '@hub/platform'
import { describe, expect, test } from 'vitest'
import { createLoginBudgets, type LoginAttempt, type LoginBudget, type LoginService } from './budget.ts'

const login = { user: 'admin', password: 'secret' }
const onvif: LoginService = 'onvif:80'
const rtsp: LoginService = 'rtsp:554'

function bench() {
  const clock = createManualClock()
  const budgets = createLoginBudgets({ clock })
  const budget = budgets.of('10.0.0.1', login)
  const attempt = (service: LoginService, of: LoginBudget = budget) => of.attempt(service, clock.now() + 5_000)
  const must = async (service: LoginService, of?: LoginBudget): Promise<LoginAttempt> => {
    const given = await attempt(service, of)
    if (typeof given === 'string') throw new Error(given)
    return given
  }
  const refuse = async (service: LoginService, of?: LoginBudget) => (await must(service, of)).refused()
  const accept = async (service: LoginService, of?: LoginBudget) => (await must(service, of)).accepted()
  return { clock, budgets, budget, attempt, must, refuse, accept }
}

describe('refusals', () => {
  test('two in a row are the end, by one path or by two together', async () => {
    for (const second of [onvif, rtsp]) {
      const { budget, attempt, refuse } = bench()
      await refuse(onvif)
      expect(budget.left(second)).toBe(1)
      await refuse(second)
      expect([await attempt(onvif), await attempt(rtsp)]).toEqual(['spent', 'spent'])
      expect([budget.left(onvif), budget.left(rtsp)]).toEqual([0, 0])
    }
  })

  test('a success begins the count anew', async () => {
    const { budget, refuse, accept } = bench()
    await refuse(onvif)
    await accept(onvif)
    await refuse(onvif)
    expect(budget.left(onvif)).toBe(1)
  })

  test('a stream that never takes a login that ONVIF takes is refused twice, and no more', async () => {
    const { budget, attempt, refuse, accept } = bench()
    await refuse(rtsp)
    await accept(onvif)
    await refuse(rtsp)
    await accept(onvif)
    expect(await attempt(rtsp)).toBe('spent')
    expect([budget.left(rtsp), budget.left(onvif)]).toEqual([0, 2])
  })

  test('what the device calls locked is spent at once', async () => {
    const { attempt, must } = bench()
    ;(await must(onvif)).refused(true)
    expect(await attempt(rtsp)).toBe('spent')
  })

  test('an outcome that is not known counts neither way, and only the first word on it does', async () => {
    const { budget, must, refuse } = bench()
    await refuse(onvif)
    const one = await must(onvif)
    one.unknown()
    one.refused()
    expect(budget.left(onvif)).toBe(1)
  })

  test('an operator gives one more try, and not two', async () => {
    const { budget, attempt, refuse } = bench()
    await refuse(onvif)
    await refuse(onvif)
    budget.allowAnother()
    budget.allowAnother()
    expect(budget.left(rtsp)).toBe(1)
    await refuse(rtsp)
    expect(await attempt(onvif)).toBe('spent')
  })

  test('whoever names the same host and login has the same budget; another password, user or host has its own', async () => {
    const { budgets, refuse } = bench()
    await refuse(onvif)
    await refuse(onvif)
    const left = (host: string, user: string, password: string) => budgets.of(host, { user, password }).left(onvif)
    expect(left('10.0.0.1', 'admin', 'secret')).toBe(0)
    expect(left('10.0.0.1', 'admin', 'changed')).toBe(2)
    expect(left('10.0.0.1', 'other', 'secret')).toBe(2)
    expect(left('10.0.0.2', 'admin', 'secret')).toBe(2)
  })
})

describe('logins at the same moment', () => {
  test('ten paths together are refused twice: the others wait, and then nothing is left', async () => {
    const { attempt } = bench()
    let sent = 0
    const path = async (service: LoginService) => {
      const given = await attempt(service)
      if (typeof given === 'string') return given
      sent++
      await new Promise((resolve) => setImmediate(resolve))
      given.refused()
      return 'refused'
    }
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, n) => path(n % 2 ? onvif : rtsp)))
    expect(sent).toBe(2)
    expect(outcomes.filter((outcome) => outcome === 'spent')).toHaveLength(8)
  })

  test('one that was not taken yet is sent alone', async () => {
    const { must, attempt } = bench()
    const first = await must(onvif)
    let second: unknown
    void attempt(rtsp).then((given) => {
      second = given
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(second).toBeUndefined()
    first.accepted()
    await new Promise((resolve) => setImmediate(resolve))
    expect(second).toMatchObject({ refused: expect.any(Function) })
  })

  test('an older one that ends well takes back no refusal that has come since', async () => {
    const { budget, must, accept, refuse } = bench()
    await accept(onvif)
    const pull = await must('events:80')
    await refuse(onvif)
    pull.accepted()
    expect([budget.left(onvif), budget.left(rtsp)]).toEqual([1, 1])
    await accept(onvif)
    expect(budget.left(onvif)).toBe(2)
  })

  test('with a login that is right all of them are sent', async () => {
    const { must } = bench()
    const path = async () => {
      const given = await must(onvif)
      await new Promise((resolve) => setImmediate(resolve))
      given.accepted()
    }
    await Promise.all(Array.from({ length: 10 }, path))
  })

  test('after one refusal one at a time is sent', async () => {
    const { budget, attempt, must, refuse } = bench()
    await refuse(onvif)
    const first = await must(onvif)
    let second: unknown
    void attempt(rtsp).then((given) => {
      second = given
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(second).toBeUndefined()
    first.accepted()
    await new Promise((resolve) => setImmediate(resolve))
    expect(second).toMatchObject({ refused: expect.any(Function) })
    // The entry was empty for a moment: what comes of the second still counts.
    ;(second as LoginAttempt).refused()
    expect(budget.left(onvif)).toBe(1)
  })

  test('a long answer is not waited for, and who waits in vain is told so', async () => {
    const { clock, budget, attempt, must, accept } = bench()
    await accept(onvif)
    const pulls = [await must('events:80'), await must('events:80')]
    const third = attempt(onvif)
    const hasty = budget.attempt(onvif, clock.now() + 500)
    await clock.advanceAsync(600)
    expect(await hasty).toBe('busy')
    await clock.advanceAsync(2_000)
    expect(await third).toMatchObject({ refused: expect.any(Function) })
    // What they say in the end still counts.
    for (const pull of pulls) pull.refused()
    expect(budget.left(onvif)).toBe(0)
  })
})
