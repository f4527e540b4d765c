import { expect, test } from 'vitest'
import { expire, inOrder, observe } from './observe.ts'
import { Shell } from './testing/shell.ts'
import { type DeviceHealth, defaultHealthPolicy, type Evidence, neverSeen } from './types.ts'

/** One observation every 30 s from 14:00:00 local; vouched for 90 s. A word is an observation, a dot is an observation that never came. */
const start = Date.UTC(2026, 2, 2, 6)
const every = 30_000
const words: Record<string, Omit<Evidence, 'at' | 'every'>> = {
  pass: { verdict: 'pass', rung: 'decodes' },
  timeout: { verdict: 'fail', rung: 'reachable', reason: 'timeout' },
  refused: { verdict: 'fail', rung: 'answers', reason: 'refused' },
  slow: { verdict: 'degraded', rung: 'decodes', reason: 'slow' },
  blind: { verdict: 'blind', rung: 'reachable', reason: 'gateway-network' },
}
const at = (seconds: number) => start + seconds * 1_000
const looksOf = (story: string): Evidence[] =>
  story.split(' ').flatMap((word, i) => (word === '.' ? [] : [{ at: start + i * every, every, ...words[word]! }]))

const told = (shell: Shell): string =>
  shell.intervals
    .map((i) => `${i.state} ${(i.from - start) / 1_000}–${i.to === null ? '' : (i.to - start) / 1_000}`)
    .join(', ')

const live = (story: string, policy = defaultHealthPolicy): Shell => {
  const shell = new Shell(policy)
  for (const observation of looksOf(story)) shell.take([observation], observation.at)
  return shell
}

test.each([
  ['the first pass is up at once', 'pass', 'up 0–'],
  ['one fail and it is still up', 'pass timeout', 'up 0–'],
  ['two fails and it is still up', 'pass timeout timeout', 'up 0–'],
  ['three fails: down since the first of them', 'pass timeout timeout timeout', 'up 0–30, down 30–'],
  ['fails for different reasons are fails in a row', 'pass timeout refused timeout', 'up 0–30, down 30–'],
  ['a pass between them begins the count again', 'pass timeout timeout pass timeout timeout', 'up 0–'],
  ['flapping below the threshold is up', 'pass timeout pass timeout timeout pass timeout pass', 'up 0–'],
  ['one pass ends an outage', 'timeout timeout timeout pass', 'down 0–90, up 90–'],
  [
    'degraded needs two observations, and begins at the first',
    'pass slow slow pass',
    'up 0–30, degraded 30–90, up 90–',
  ],
  ['one slow observation is nothing', 'pass slow pass', 'up 0–'],
  ['a slow observation between fails begins the count again', 'pass timeout timeout slow timeout', 'up 0–'],
  ['degraded goes down without passing by up', 'slow slow timeout timeout timeout', 'degraded 0–60, down 60–'],
  ['a blind gateway makes it unknown, not down', 'pass blind', 'up 0–30, unknown 30–'],
  ['after blindness one pass is up', 'pass blind blind pass', 'up 0–30, unknown 30–90, up 90–'],
  ['a device only ever looked at blindly is unknown', 'blind', 'unknown 0–'],
  ['two observations that never came are no silence', 'pass . . pass', 'up 0–'],
  [
    'the gateway was silent: unknown from when the last observation went stale',
    'pass . . . . pass',
    'up 0–90, unknown 90–150, up 150–',
  ],
  ['fails after a silence are unknown until there are three', 'pass . . . . timeout timeout', 'up 0–90, unknown 90–'],
  [
    'and then down from the first of them, not from before the silence',
    'pass . . . . timeout timeout timeout',
    'up 0–90, unknown 90–150, down 150–',
  ],
  [
    'fails before a silence and after it are not in a row',
    'pass timeout timeout . . . . timeout',
    'up 0–150, unknown 150–',
  ],
  ['fails of a device that was never up are down all the same', 'timeout timeout timeout', 'down 0–'],
  ['two fails of a device never seen decide nothing', 'timeout timeout', ''],
])('%s', (_, story, timeline) => {
  expect(told(live(story))).toBe(timeline)
})

test('silence of the gateway is noticed by the clock, at the instant when the evidence went stale', () => {
  const shell = live('pass pass')
  shell.expire(at(120))
  expect(told(shell)).toBe('up 0–')
  shell.expire(at(121))
  expect(told(shell)).toBe('up 0–120, unknown 120–')
  expect(shell.health.rule).toEqual({ id: 'stale', count: 0, needed: 3, firstAt: at(30), lastAt: at(120) })
})

test('what the gateway had spooled replaces unknown by what really happened', () => {
  const shell = live('pass')
  shell.expire(at(300))
  expect(told(shell)).toBe('up 0–90, unknown 90–')
  const spooled = looksOf('pass pass timeout timeout timeout timeout timeout pass pass pass').slice(1)
  shell.take(spooled, at(300))
  expect(told(shell)).toBe('up 0–60, down 60–210, up 210–')
  // From 120 s on the spooled observations came in order, as live ones do: only what lies before is a correction.
  expect(shell.corrections).toEqual([{ from: at(60), to: at(120) }])
})

test('live observations overtake the backlog, and the backlog still finds its place', () => {
  const story = looksOf('pass pass timeout timeout timeout pass pass pass pass pass')
  const shell = live('pass pass')
  shell.take(story.slice(8), at(270))
  expect(told(shell)).toBe('up 0–120, unknown 120–240, up 240–')
  shell.take(story.slice(4, 8), at(271))
  expect(told(shell)).toBe('up 0–')
  shell.take(story.slice(2, 4), at(272))
  expect(told(shell)).toBe('up 0–60, down 60–150, up 150–')
  expect(shell.corrections.at(-1)).toEqual({ from: at(60), to: at(150) })
})

test('a late observation that changes nothing corrects nothing', () => {
  const shell = live('pass . pass')
  shell.take(looksOf('. timeout'), at(60))
  expect(told(shell)).toBe('up 0–')
  expect(shell.corrections).toEqual([null])
})

test('an observation that was only delayed takes a silence back', () => {
  const shell = live('pass')
  shell.expire(at(100))
  expect(told(shell)).toBe('up 0–90, unknown 90–')
  const delayed = looksOf('. . pass')[0]!
  expect(inOrder(shell.health, delayed)).toBe(false)
  shell.take([delayed], at(101))
  expect(told(shell)).toBe('up 0–')
})

test('of two observations at one instant the worse counts, whichever comes first', () => {
  const [slow, pass] = [...looksOf('slow'), ...looksOf('pass')]
  for (const order of [
    [slow!, pass!],
    [pass!, slow!],
  ]) {
    const shell = new Shell({ ...defaultHealthPolicy, confirm: { ...defaultHealthPolicy.confirm, degraded: 1 } })
    for (const observation of order) shell.take([observation], at(0))
    expect(told(shell)).toBe('degraded 0–')
  }
})

test('the rule says why: the observations that it counted, and the last reason', () => {
  const { health } = live('pass refused timeout timeout timeout timeout')
  expect(health).toMatchObject({ state: 'down', since: at(30) })
  expect(health.rule).toEqual({
    id: 'confirmed',
    rung: 'reachable',
    reason: 'timeout',
    count: 3,
    needed: 3,
    firstAt: at(30),
    lastAt: at(90),
  })
})

test('a policy that asks for fewer observations is satisfied by the next one', () => {
  const { health } = live('pass timeout timeout')
  const lenient = { ...defaultHealthPolicy, confirm: { ...defaultHealthPolicy.confirm, down: 1 } }
  expect(observe(health, { at: at(90), every, ...words.timeout! }, lenient).health).toMatchObject({
    state: 'down',
    since: at(30),
    rule: { count: 1, needed: 1, firstAt: at(30), lastAt: at(90) },
  })
})

test('an open doubt is told: how many observations contradict the state', () => {
  expect(live('pass timeout timeout').health.streak).toEqual({ state: 'down', firstAt: at(30), count: 2 })
  expect(live('pass timeout pass').health.streak).toBeNull()
})

test('a device that was never seen is unknown since never, and silence does not change it', () => {
  expect(expire(neverSeen, at(1_000), defaultHealthPolicy)).toEqual({ health: neverSeen, effects: [] })
})

test('after a start of the centre nothing goes stale before the grace is over, and then from when it was stale', () => {
  const { health } = live('pass')
  expect(expire(health, at(119), defaultHealthPolicy, at(120)).health.state).toBe('up')
  expect(expire(health, at(120), defaultHealthPolicy, at(120)).health).toMatchObject({
    state: 'unknown',
    since: at(90),
  })
})

test('an observation that only extends the run has no effects; a new run closes the one before', () => {
  const [first, second, fail] = looksOf('pass pass timeout') as [Evidence, Evidence, Evidence]
  const opened = observe(neverSeen, first, defaultHealthPolicy)
  expect(opened.effects.map((e) => e.kind)).toEqual(['run', 'interval', 'transition'])
  const extended = observe(opened.health, second, defaultHealthPolicy)
  expect(extended.effects).toEqual([])
  expect(extended.health.run).toMatchObject({ firstAt: at(0), lastAt: at(30), freshUntil: at(120), count: 2 })
  const closed = observe(extended.health, fail, defaultHealthPolicy)
  expect(closed.effects).toEqual([
    { kind: 'run', run: extended.health.run },
    { kind: 'run', run: closed.health.run },
  ])
})

test('a change of state closes the interval, opens the next and is a transition', () => {
  const { health } = live('pass timeout timeout')
  const { effects } = observe(health, { at: at(90), every, ...words.timeout! }, defaultHealthPolicy)
  expect(effects).toMatchObject([
    { kind: 'interval', interval: { from: at(0), to: at(30), state: 'up' } },
    { kind: 'interval', interval: { from: at(30), to: null, state: 'down' } },
    { kind: 'transition', from: 'up', to: 'down', at: at(30) },
  ])
})

test('a run ends with its hour, so that no split reads more than an hour of raw batches', () => {
  let health: DeviceHealth = neverSeen
  for (const observation of looksOf(Array(125).fill('pass').join(' ')))
    health = observe(health, observation, defaultHealthPolicy).health
  expect(health.run).toMatchObject({ firstAt: at(3_600), count: 5 })
  expect(health).toMatchObject({ state: 'up', since: at(0) })
})

test('a late observation given to observe is refused, not miscounted', () => {
  const { health } = live('pass pass')
  expect(() => observe(health, looksOf('pass')[0]!, defaultHealthPolicy)).toThrow(
    new RangeError(`observation at ${start} is late: merge it into the runs`),
  )
})
