/** When a gateway is told, on a real Record and a clock that is moved by hand. */
import type { AssignmentDelta, AssignmentMessage, GatewayStatus } from '@hub/contracts'
import { createManualClock, type MessageBus, silentLog } from '@hub/platform'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createAssignments } from './assignments.ts'
import { assignedCity, cameraId, east } from './testing/assigned-city.ts'

const second = 1_000
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

async function testAssignments(cameras: number) {
  const city = await assignedCity(cameras)
  const clock = createManualClock()
  const sent: AssignmentMessage[] = []
  const publish = async (_name: string, _params: object, value: AssignmentMessage) => void sent.push(value)
  const assignments = createAssignments({
    record: city.record,
    log: silentLog,
    clock,
    random: () => 0.5,
    bus: { publish } as unknown as MessageBus,
  })
  onTestFinished(async () => {
    await assignments.stop()
    await city.record.close()
  })
  const inForce = () =>
    city.sqlite
      .prepare('SELECT assignment_version AS version, assignment_digest AS digest FROM gateway WHERE id = ?')
      .get(east) as { version: number; digest: string | null }
  const say = (assignment: number, holds?: GatewayStatus['holds'], more: Partial<GatewayStatus> = {}) => {
    const base = { v: 1, gateway: east, online: true, at: 1, version: '1', devices: 1, spooled: 0 } as const
    assignments.heard({ ...base, assignment, ...(holds && { holds }), clockOffsetMs: 0, blind: false, ...more })
  }
  /** All that could be read and sent by now has been. */
  const settled = async () => {
    for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve))
  }
  const nth = async (n: number) => {
    await vi.waitFor(() => expect(sent.length).toBeGreaterThanOrEqual(n))
    await settled()
    expect(sent).toHaveLength(n)
    return sent[n - 1] as AssignmentDelta
  }
  return { ...city, clock, assignments, sent, say, inForce, settled, nth }
}

const none = { digest: '0'.repeat(16) }

it('a bulk approval of 5,000 goes in parts of a bounded size, each after the one before was confirmed', {
  timeout: 60_000,
}, async () => {
  const { approve, say, nth, inForce, sent, clock } = await testAssignments(5_000)
  for (let n = 0; n < 5_000; n += 100) await approve(range(n, n + 100))
  const at = Math.floor(performance.now())
  say(1, none)
  let held = 1
  const put = new Set<string>()
  for (let n = 1; held < inForce().version; n++) {
    const part = await nth(n)
    expect(part.from).toBe(held)
    expect(JSON.stringify(part).length).toBeLessThan(129 * 1_024)
    expect(part.put.length).toBeLessThanOrEqual(500)
    for (const { id } of part.put) put.add(id)
    held = part.to
    expect(part.digest).toBe(held === inForce().version ? inForce().digest : undefined)
    say(held, held === inForce().version ? { digest: inForce().digest! } : none)
  }
  expect(put.size).toBe(5_000)
  console.log(
    `5,000 in ${sent.length} parts, largest ${Math.max(...sent.map((m) => JSON.stringify(m).length))} bytes, ${Math.floor(performance.now()) - at} ms`,
  )
  await clock.advanceAsync(600 * second)
  expect(sent.length).toBeLessThanOrEqual(12)
})

it('what changes while a message is under way goes with the next one, and none overtakes it', async () => {
  const { approve, assignments, say, nth, inForce, settled } = await testAssignments(20)
  await approve([0])
  say(1, none)
  await nth(1)
  for (const n of range(1, 20)) {
    await approve([n])
    assignments.changed(east)
  }
  await settled()
  // The regular status crosses it: nothing is confirmed by that.
  say(1, none)
  await nth(1)
  say(2, { digest: 'f'.repeat(16) })
  expect((await nth(2)).put.map(({ id }) => id)).toEqual(range(1, 20).map(cameraId))
  expect((await nth(2)).to).toBe(inForce().version)
})

it('what is not confirmed is sent again after 10, 20, 40, 80, 120 seconds', async () => {
  const { approve, say, sent, clock, nth, settled } = await testAssignments(1)
  await approve([0])
  say(1, none)
  await nth(1)
  const start = clock.now()
  const times: number[] = []
  for (let s = 0; s < 400; s++) {
    const before = sent.length
    await clock.advanceAsync(second)
    await settled()
    say(1, none)
    if (sent.length > before) times.push((clock.now() - start) / second)
  }
  expect(times).toEqual([10, 30, 70, 150, 270, 390])
  expect(new Set(sent.map((message) => JSON.stringify(message))).size).toBe(1)
})

it('a list that differs under the same version is replaced whole, in ranges, wherever it was left off', async () => {
  const { approve, say, nth, inForce } = await testAssignments(1_200)
  await approve(range(0, 1_200))
  const { version, digest } = inForce()
  say(version, { digest: 'f'.repeat(16) })
  const first = await nth(1)
  expect(first).toMatchObject({ to: version, range: { after: null, upTo: first.put.at(-1)!.id } })
  expect(first).not.toHaveProperty('digest')
  const upTo = first.range!.upTo!
  say(version, { digest: 'e'.repeat(16), whole: { to: version, upTo } })
  const next = await nth(2)
  expect(next.range!.after).toBe(upTo)
  say(version, { digest: 'd'.repeat(16), whole: { to: version, upTo: next.range!.upTo! } })
  expect(await nth(3)).toMatchObject({ range: { upTo: null }, digest })
})

it('what was taken away is forgotten once the gateway holds it; one that comes back from before gets the whole list', async () => {
  const { approve, unbind, say, nth, inForce, sqlite, settled } = await testAssignments(10)
  await approve(range(0, 10))
  const old = inForce()
  await unbind([3, 4])
  const dropped = () => sqlite.prepare('SELECT count(*) AS n FROM assigned_device WHERE assigned IS NULL').get()!.n
  say(old.version, { digest: old.digest! })
  expect(await nth(1)).toMatchObject({ put: [], drop: [cameraId(3), cameraId(4)] })
  await settled()
  expect(dropped()).toBe(2)
  say(inForce().version, { digest: inForce().digest! })
  await vi.waitFor(() => expect(dropped()).toBe(0))
  say(old.version, { digest: old.digest! })
  expect(await nth(2)).toMatchObject({ range: { after: null, upTo: null }, digest: inForce().digest })
})

it('a gateway that is connected anew is told at once, whatever was under way before', async () => {
  const { approve, say, nth } = await testAssignments(2)
  await approve([0])
  say(1)
  await nth(1)
  say(1, undefined, { online: false })
  say(1)
  await nth(2)
  say(2, { digest: 'f'.repeat(16) })
  await nth(3)
  // Without the will having come.
  say(1)
  await nth(4)
})
