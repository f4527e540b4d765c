/** The ladder as a table: adding a rung takes a file with a `Rung` and its line in `rungs/index.ts`, here a line of the test's own table. */
import { createManualClock, silentLog } from '@hub/platform'
import { expect, onTestFinished, test } from 'vitest'
import { fakeCamera, fixture } from '../onvif/fake-camera.ts'
import { OnvifFault } from '../onvif/fault.ts'
import { Ladder } from './ladder.ts'
import { createProber } from './prober.ts'
import type { Rung, RungResult, RungSubject } from './rung.ts'
import { rungs } from './rungs/index.ts'

const id = '43040500001320000001'
const policy = { slowMs: 1_000, clockMs: 30_000, authenticateEvery: 10, describeEvery: 20 }

/** The next probe: a camera must state its clock at all. (`fresh` is not of cameras, so no other rung has this name.) */
const statesItsClock: Rung = {
  name: 'fresh',
  every: () => 2,
  run: async ({ session }) =>
    session.clockOffsetMs === null ? { said: 'clock', detail: 'no UTC time' } : { said: 'pass' },
}

test('the rungs in force, in order', () => {
  expect(rungs.map(({ name, every }) => [name, every(policy)])).toEqual([
    ['answers', 1],
    ['authenticated', 10],
    ['describes', 20],
    ['decodes', 0],
  ])
})

test('a rung is added by one entry of the table: it is asked in its period, degrades the camera, and is explained', async () => {
  await using camera = await fakeCamera(() => fixture('anyka-no-utc'))
  const verdicts: string[] = []
  const prober = createProber({
    clock: createManualClock(),
    log: silentLog,
    config: { timeoutMs: 2_000, concurrency: 8 },
    credentials: {},
    emit: async ({ verdict, rung, reason }) => void verdicts.push([verdict, rung, reason].filter(Boolean).join(' ')),
    onIdentified: () => {},
    rungs: [...rungs.filter(({ vital }) => vital), statesItsClock],
  })
  onTestFinished(() => prober.stop())
  const xaddr = `http://127.0.0.1:${camera.port}/onvif/device_service`
  prober.apply({ put: [{ kind: 'camera', id, xaddr, credential: 'none', every: 30_000 }], drop: [] })
  await prober.probeNow(id)
  expect(verdicts).toEqual(['degraded fresh clock'])
  expect(prober.explain(id).rungs).toEqual([{ rung: 'fresh', said: 'clock', detail: 'no UTC time', every: 2, in: 2 }])
  expect(prober.explain(id).probes[0]).toMatchObject({ rung: 'fresh', reason: 'clock', detail: 'no UTC time' })
})

/** A ladder of rungs that say what the test tells them to, and what was asked. */
function bench(...made: (Partial<Rung> & Pick<Rung, 'name'>)[]) {
  const asked: string[] = []
  const say = new Map<string, RungResult | OnvifFault | undefined>()
  const table = made.map(
    (rung): Rung => ({
      every: () => 1,
      run: async () => {
        asked.push(rung.name)
        const said = say.has(rung.name) ? say.get(rung.name) : { said: 'pass' as const }
        if (said instanceof OnvifFault) throw said
        return said
      },
      ...rung,
    }),
  )
  const ladder = new Ladder({ now: () => 0, rungs: table, policy, id })
  const climb = async (options: { all?: boolean; vitalOnly?: boolean } = {}) => {
    asked.length = 0
    const climbed = await ladder.climb({} as RungSubject, { all: false, vitalOnly: false, ...options })
    return { ...climbed, asked: [...asked] }
  }
  return { ladder, climb, say }
}

test('each rung comes in its own period, and a faulty one with every probe', async () => {
  const { climb, say } = bench({ name: 'answers', vital: true }, { name: 'authenticated', every: () => 3 })
  const rounds = async (count: number) => {
    const all: string[][] = []
    for (let n = 0; n < count; n++) all.push((await climb()).asked)
    return all.map((names) => names.length)
  }
  expect(await rounds(6)).toEqual([1, 1, 2, 1, 1, 2])
  say.set('authenticated', new OnvifFault('authenticated', 'unauthorised', 'no'))
  expect(await rounds(5)).toEqual([1, 1, 2, 2, 2])
})

test('nothing above a rung that does not pass is asked, and nothing above the vital ones at a new address', async () => {
  const { climb, say, ladder } = bench(
    { name: 'answers', vital: true },
    { name: 'authenticated' },
    { name: 'describes' },
  )
  expect((await climb()).asked).toEqual(['answers', 'authenticated', 'describes'])
  expect((await climb({ vitalOnly: true })).asked).toEqual(['answers'])
  say.set('authenticated', { said: 'soap-fault' })
  expect((await climb()).asked).toEqual(['answers', 'authenticated'])
  say.set('answers', new OnvifFault('reachable', 'refused', 'nobody there'))
  const failed = await climb()
  expect(failed).toMatchObject({ health: { fault: { rung: 'reachable', reason: 'refused' } }, detail: 'nobody there' })
  expect(failed.asked).toEqual(['answers'])
  expect(ladder.said('authenticated')).toBe('soap-fault')
})

test('what only the gateway could not do leaves what was said before', async () => {
  const { climb, say, ladder } = bench(
    { name: 'answers', vital: true },
    { name: 'authenticated' },
    { name: 'describes' },
  )
  await climb()
  say.set('authenticated', new OnvifFault('authenticated', 'gateway-network', 'no descriptors'))
  say.set('describes', undefined)
  expect((await climb()).asked).toEqual(['answers', 'authenticated', 'describes'])
  expect([ladder.said('authenticated'), ladder.said('describes')]).toEqual(['pass', 'pass'])
})

test('a rung that doubts another has it asked with the next probe; what changed and what is measured goes out', async () => {
  const { climb, say } = bench(
    { name: 'answers', vital: true },
    { name: 'authenticated', every: () => 10 },
    { name: 'describes', every: () => 10 },
  )
  await climb({ all: true })
  say.set('answers', { said: 'pass', values: { clockOffsetMs: 7 } })
  say.set('describes', { said: 'no-stream', doubts: ['authenticated'], stale: true, changed: { codec: 'H265' } })
  const found = await climb({ all: true })
  expect(found).toMatchObject({ changed: { codec: 'H265' }, stale: true, values: { clockOffsetMs: 7 } })
  expect(found.health).toEqual({ ms: 0, clockOffsetMs: 7 })
  expect((await climb()).asked).toEqual(['answers', 'authenticated', 'describes'])
})

test('a rung of period 0 is asked by name alone; when the camera was away, what was wrong by it is forgotten', async () => {
  const { climb, say, ladder } = bench({ name: 'answers', vital: true }, { name: 'decodes', every: () => 0 })
  expect((await climb({ all: true })).asked).toEqual(['answers'])
  say.set('decodes', { said: 'frozen' })
  expect(await ladder.ask('decodes', {} as RungSubject)).toEqual({ said: 'frozen' })
  expect(ladder.said('decodes')).toBe('nothing')
  ladder.note('decodes', 'frozen')
  expect([ladder.forgetUnprobed(), ladder.said('decodes'), ladder.forgetUnprobed()]).toEqual([true, 'nothing', false])
})

test('a defect of ours is not taken for one of the camera', async () => {
  const { climb } = bench(
    { name: 'answers', vital: true },
    { name: 'describes', run: () => Promise.reject(new TypeError('x')) },
  )
  await expect(climb()).rejects.toThrow(TypeError)
})
