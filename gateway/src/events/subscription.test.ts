import { describe, expect, it } from 'vitest'
import { advance, type Call, defaultPolicy, fresh, type Input, type State } from './subscription.ts'

const { waitMs, lastsMs } = defaultPolicy
const point = { path: '/p', address: 'http://10.0.0.9/p', parameters: '' }
const t0 = 1_800_000_000_000

/** A subscription that is told what happens, and what it does about it: its calls, and when it wakes. */
function rig(chance = 0.5) {
  let state: State = fresh
  let now = t0
  const done: string[] = []
  const put = (input: Input) => {
    const step = advance(state, input, now, chance)
    state = step.state
    for (const effect of step.effects) done.push(effect.kind === 'call' ? effect.call.name : effect.kind)
    return step
  }
  return {
    put,
    state: () => state,
    now: () => now,
    pass: (ms: number) => {
      now += ms
    },
    /** Milliseconds until it wakes, and goes there. */
    wake() {
      const ms = state.wakeAt - now
      expect(state.phase).toBe('waiting')
      now = Math.max(now, state.wakeAt)
      put({ kind: 'due' })
      return ms
    },
    fault: (reason: Extract<Input, { kind: 'fault' }>['reason'], unsupported = false) =>
      put({ kind: 'fault', reason, unsupported }),
    located: (path: string | null | undefined = '/e') => put({ kind: 'answer', answer: { name: 'locate', path } }),
    created: (lasts: number | undefined = lastsMs) => put({ kind: 'answer', answer: { name: 'create', point, lasts } }),
    synced: () => put({ kind: 'answer', answer: { name: 'sync' } }),
    renewed: (lasts: number | undefined = lastsMs) => put({ kind: 'answer', answer: { name: 'renew', lasts } }),
    pulled: (messages = 0, lasts?: number, missed = false) =>
      put({ kind: 'answer', answer: { name: 'pull', lasts, messages, missed } }),
    call: () => state.call as Call,
    /** What it has done since this was asked last. */
    did: () => done.splice(0).join(' '),
  }
}
/** One that stands: its first pull has brought the states. */
function standing(lasts?: number) {
  const r = rig()
  r.put({ kind: 'start' })
  r.located()
  r.created(lasts)
  r.synced()
  r.pulled(4, undefined)
  r.did()
  return r
}
/** One that pulls. */
function pulling(lasts?: number) {
  const r = standing(lasts)
  r.wake()
  r.did()
  return r
}

describe('a subscription', () => {
  it('is located, created, synchronized and pulled', () => {
    const r = rig()
    r.put({ kind: 'start' })
    r.located()
    expect(r.call()).toEqual({ name: 'create', path: '/e', filtered: true })
    r.created()
    r.synced()
    expect(r.call()).toEqual({ name: 'pull', to: point, waitMs })
    expect(r.did()).toBe('locate create sync pull')
  })
  it('is renewed between two pulls, before its end', () => {
    const r = pulling()
    for (let pulls = 0; pulls < 2; pulls++) {
      r.pass(waitMs)
      r.pulled()
      r.wake()
    }
    expect(r.did()).toBe('pull renew')
    r.renewed()
    expect(r.did()).toBe('pull')
    expect(r.state().endsAt).toBe(r.now() + lastsMs)
  })
  it('does not outlast itself in a pull when the camera grants little, nor renew without end', () => {
    const r = rig()
    r.put({ kind: 'start' })
    r.located()
    r.created(8_000)
    r.synced()
    expect(r.call()).toMatchObject({ name: 'renew' })
    r.renewed(8_000)
    expect(r.call()).toMatchObject({ name: 'pull', waitMs: 4_000 })
  })
  it('goes on without renewals when they are refused, and starts anew when it is over', () => {
    const r = pulling()
    r.pass(150_000)
    r.pulled()
    r.wake()
    r.fault('soap-fault')
    expect(r.did()).toBe('renew pull')
    r.pass(40_000)
    r.fault('soap-fault')
    expect(r.did()).toBe('create')
    r.created()
    r.synced()
    expect(r.did()).toBe('sync pull')
  })
  it('believes a camera that extends it with each pull', () => {
    const r = pulling()
    for (let pulls = 0; pulls < 50; pulls++) {
      r.pass(waitMs)
      r.pulled(0, lastsMs)
      r.wake()
    }
    expect(new Set(r.did().split(' '))).toEqual(new Set(['pull']))
  })
  it('asks a camera that answers empty at once no more than each second, and one that goes on telling ten times', () => {
    const r = pulling()
    r.pulled(0)
    expect(r.wake()).toBe(1_000)
    r.pulled(7)
    expect(r.wake()).toBe(100)
    r.pass(30_000)
    r.pulled(0)
    expect(r.wake()).toBe(0)
  })
  it('asks for the present state after something was left out, later', () => {
    const r = pulling()
    r.pulled(100, undefined, true)
    expect(r.wake()).toBe(10_000)
    expect(r.did()).toBe('sync')
  })
  it('is ended at the camera when it is not wanted any more', () => {
    const r = pulling()
    r.put({ kind: 'stop' })
    expect(r.did()).toBe('drop unsubscribe')
    r.fault('timeout')
    expect(r.state()).toEqual(fresh)
    const early = rig()
    early.put({ kind: 'start' })
    early.put({ kind: 'stop' })
    expect(early.did()).toBe('locate drop')
  })
})

describe('a filter', () => {
  const created = () => {
    const r = rig()
    r.put({ kind: 'start' })
    r.located()
    return r
  }
  it('that is refused is left out', () => {
    const r = created()
    r.fault('soap-fault')
    expect(r.call()).toMatchObject({ name: 'create', filtered: false })
  })
  it('that lets nothing pass, not even the states, is left out', () => {
    const r = created()
    r.created()
    r.synced()
    r.did()
    r.pass(waitMs)
    r.pulled(0)
    r.put({ kind: 'answer', answer: { name: 'unsubscribe' } })
    expect(r.did()).toBe('unsubscribe create')
    expect(r.call()).toMatchObject({ filtered: false })
    r.created()
    r.synced()
    r.pulled(0)
    expect(r.state().phase).toBe('waiting')
  })
})

describe('a fault', () => {
  it('of the network keeps the subscription once, asks for the state, and then makes a new one', () => {
    const r = pulling()
    r.fault('timeout')
    expect(r.wake()).toBe(1_000)
    expect(r.did()).toBe('sync')
    r.fault('reset')
    expect(r.wake()).toBe(2_000)
    expect(r.did()).toBe('create')
  })
  it('of a camera that is off backs off up to five minutes, with jitter, and starts anew', () => {
    const r = pulling()
    const waits: number[] = []
    for (let tries = 0; tries < 12; tries++) {
      r.fault('refused')
      waits.push(r.wake())
    }
    expect(waits.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000])
    expect(waits.at(-1)).toBe(300_000)
    expect(new Set(r.did().split(' '))).toEqual(new Set(['create']))
    for (const [chance, first] of [
      [0, 500],
      [1, 1_500],
    ] as const) {
      const other = rig(chance)
      other.put({ kind: 'start' })
      other.fault('unreachable')
      expect(other.wake()).toBe(first)
    }
  })
  it('that comes again with each pull of a new subscription backs off too', () => {
    const r = pulling()
    r.fault('http-status')
    for (const wait of [2_000, 4_000]) {
      r.created()
      r.synced()
      r.fault('soap-fault')
      expect(r.wake()).toBe(wait)
    }
  })
  it('of a camera that boots and says that it is not ready is never taken for one that knows no events', () => {
    const r = pulling()
    for (let n = 0; n < 20; n++) {
      r.put({ kind: 'fault', reason: 'http-status', unsupported: false, unready: true })
      expect(r.state()).toMatchObject({ why: 'fault', filtered: true })
      r.wake()
    }
    expect(r.call()).toMatchObject({ name: 'create', filtered: true })
  })
  it('of the login waits for it to be accepted, and does not knock on', () => {
    const r = pulling()
    r.fault('unauthorised')
    r.put({ kind: 'back' })
    r.put({ kind: 'hello' })
    expect(r.did()).toBe('')
    expect(r.state()).toMatchObject({ phase: 'waiting', why: 'refused', point: null })
    r.put({ kind: 'start' })
    expect(r.did()).toBe('create')
  })
  it('of a synchronization point that the camera does not know is passed over', () => {
    const r = rig()
    r.put({ kind: 'start' })
    r.located()
    r.created()
    r.fault('soap-fault', true)
    expect(r.did()).toBe('locate create sync pull')
  })
})

describe('a camera without pull points is left alone', () => {
  it.each<[string, (r: ReturnType<typeof rig>) => void]>([
    ['that says so', (r) => r.located(null)],
    [
      'that does not know the call',
      (r) => {
        r.located()
        r.fault('soap-fault', true)
        r.fault('soap-fault', true)
      },
    ],
    [
      'that answers HTTP 400 again and again',
      (r) => {
        r.fault('http-status')
        r.fault('http-status')
        for (let n = 0; n < 3; n++) {
          r.fault('http-status')
          r.wake()
        }
        r.fault('http-status')
      },
    ],
  ])('%s', (_, happens) => {
    const r = rig()
    r.put({ kind: 'start' })
    happens(r)
    expect(r.state()).toMatchObject({ phase: 'waiting', why: 'unsupported' })
    expect(r.state().wakeAt - r.now()).toBe(6 * 3_600_000)
  })
  it('one that has no place for another subscription is not', () => {
    const r = rig()
    r.put({ kind: 'start' })
    r.located()
    r.fault('soap-fault')
    for (let n = 0; n < 20; n++) {
      r.fault('soap-fault')
      expect(r.wake()).toBeLessThanOrEqual(300_000)
    }
  })
})

describe('a camera that comes back', () => {
  it('says Hello: the pull that is under way is given up and the subscription tried, at most each ten seconds', () => {
    const r = pulling()
    r.put({ kind: 'hello' })
    expect(r.did()).toBe('drop')
    expect(r.wake()).toBe(500)
    r.fault('soap-fault')
    r.fault('soap-fault')
    expect(r.did()).toBe('sync pull create')
    r.put({ kind: 'hello' })
    expect(r.did()).toBe('')
  })
  it('answers a health probe: it is subscribed again at once, whatever the back-off', () => {
    const r = pulling()
    for (let n = 0; n < 9; n++) {
      r.fault('refused')
      if (n < 8) r.wake()
    }
    expect(r.state().wakeAt - r.now()).toBeGreaterThan(200_000)
    r.put({ kind: 'back' })
    expect(r.wake()).toBe(500)
  })
})

it('whatever comes in whatever order, it has one call under way at most, and never stands still unless it is idle', () => {
  let seed = 7
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return seed / 2 ** 32
  }
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  for (let run = 0; run < 300; run++) {
    let state: State = fresh
    let now = t0
    let under = 0
    for (let n = 0; n < 60; n++) {
      const answers: Record<Call['name'], Input> = {
        locate: { kind: 'answer', answer: { name: 'locate', path: pick(['/e', null, undefined]) } },
        create: { kind: 'answer', answer: { name: 'create', point, lasts: pick([undefined, 5_000, lastsMs]) } },
        sync: { kind: 'answer', answer: { name: 'sync' } },
        unsubscribe: { kind: 'answer', answer: { name: 'unsubscribe' } },
        renew: { kind: 'answer', answer: { name: 'renew', lasts: pick([undefined, 1_000, lastsMs]) } },
        pull: {
          kind: 'answer',
          answer: { name: 'pull', lasts: pick([undefined, 3_000]), messages: pick([0, 4]), missed: random() < 0.1 },
        },
      }
      const ends: Input =
        random() < 0.5 && state.call
          ? answers[state.call.name]
          : {
              kind: 'fault',
              reason: pick(['refused', 'timeout', 'soap-fault', 'http-status', 'unauthorised']),
              unsupported: random() < 0.2,
            }
      const input: Input =
        random() < 0.3
          ? pick<Input>([{ kind: 'start' }, { kind: 'hello' }, { kind: 'back' }, { kind: 'due' }, { kind: 'stop' }])
          : under > 0
            ? ends
            : { kind: 'due' }
      now =
        state.phase === 'waiting' && input.kind === 'due'
          ? Math.max(now, state.wakeAt)
          : now + Math.floor(random() * 30_000)
      if (input.kind === 'answer' || input.kind === 'fault') under--
      const step = advance(state, input, now, random())
      state = step.state
      for (const effect of step.effects) under += effect.kind === 'call' ? 1 : -1
      expect([0, 1]).toContain(under)
      expect(under).toBe(state.phase === 'calling' || state.phase === 'stopping' ? 1 : 0)
      if (state.phase === 'waiting') expect(Number.isSafeInteger(state.wakeAt)).toBe(true)
    }
  }
})
