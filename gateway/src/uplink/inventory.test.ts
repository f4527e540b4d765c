import type { DeviceIdentity, FoundDevice, Inventory, InventoryWanted } from '@hub/contracts'
import { bucketOf, differingBuckets, foundHash, hashText, identityHash } from '@hub/core'
import { createManualClock, sha256 } from '@hub/platform'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createInventoryReport } from './inventory.ts'

const gateway = '43040500002000000001'
const hour = 3_600_000
const fiveMinutes = 300_000

/** A report, and a centre that hears it: `lose` drops what comes. */
function testReport() {
  const clock = createManualClock(1_800_000_000_000)
  const sent: Inventory[] = []
  const found = new Map<string, FoundDevice>()
  const identified = new Map<string, DeviceIdentity>()
  const centre = { lose: false }
  const report = createInventoryReport({
    gateway,
    clock,
    send: async (message: Inventory) => {
      sent.push(message)
      if (centre.lose) return
      for (const device of message.found) found.set(device.endpoint, device)
      for (const identity of message.identified) identified.set(identity.device, identity)
    },
  })
  onTestFinished(() => report.stop())
  /** What the centre asks for: all hashes that it holds, of the buckets that differ from its own. */
  const answer = (digest: NonNullable<Inventory['digest']>): InventoryWanted => {
    const own = (hashes: number[], text: string) => {
      const totals = Array<number>(256).fill(0)
      for (const hash of hashes) totals[bucketOf(hash)] = (totals[bucketOf(hash)]! + hash) % 2 ** 48
      return differingBuckets(text, totals.map(hashText).join('')).map((bucket) => ({
        bucket,
        held: hashes.filter((hash) => bucketOf(hash) === bucket).map(hashText),
      }))
    }
    return {
      v: 1,
      gateway,
      found: own(
        [...found.values()].map((device) => foundHash(device, sha256)),
        digest.found,
      ),
      identified: own(
        [...identified.values()].map((identity) => identityHash(identity, sha256)),
        digest.identified,
      ),
    }
  }
  const device = (n: number | string, more: Partial<FoundDevice> = {}): FoundDevice => ({
    endpoint: `urn:uuid:${String(n).padStart(6, '0')}`,
    address: '10.0.0.1',
    xaddrs: [],
    quarantine: 'new',
    seenAt: clock.now(),
    ...more,
  })
  return { clock, report, sent, found, identified, centre, answer, device }
}

describe('what was lost is told again, and nothing else', () => {
  it('tells what cameras call themselves without what nobody can see, and sums up the same', async () => {
    const { clock, report, device, found, sent } = testReport()
    report.found(device(1, { name: '\u202egpj.门\0', location: '东\n路' }))
    await clock.advanceAsync(1_000)
    expect([...found.values()]).toMatchObject([{ name: 'gpj.门', location: '东 路' }])
    report.reconcile()
    await clock.advanceAsync(1_000)
    expect(sent.at(-1)!.digest).toBeDefined()
    expect(found.size).toBe(1)
  })
  it('of thousands, when the uplink is back', async () => {
    const { clock, report, sent, found, identified, centre, answer, device } = testReport()
    const identity = (n: number): DeviceIdentity => ({ device: `4304050000132${String(n).padStart(7, '0')}`, at: 1 })
    for (let n = 0; n < 5_000; n++) {
      report.found(device(n))
      report.identified(identity(n))
    }
    await clock.advanceAsync(1_000)
    centre.lose = true
    report.found(device('late'))
    report.found(device(7, { address: '10.0.0.2' }))
    report.identified({ ...identity(9), at: 2 })
    await clock.advanceAsync(1_000)
    centre.lose = false
    const before = sent.length
    report.reconcile()
    await clock.advanceAsync(1_000)
    const [summed] = sent.slice(before)
    expect([sent.length - before, summed!.found, summed!.identified]).toEqual([1, [], []])
    report.wanted(answer(summed!.digest!))
    await clock.advanceAsync(1_000)
    const again = sent.slice(before + 1)
    expect(again.flatMap((message) => message.found.map(({ endpoint }) => endpoint)).sort()).toEqual([
      'urn:uuid:000007',
      'urn:uuid:00late',
    ])
    expect(again.flatMap((message) => message.identified.map(({ at }) => at))).toEqual([2])
    report.reconcile()
    await clock.advanceAsync(1_000)
    expect(answer(sent.at(-1)!.digest!)).toEqual({ v: 1, gateway, found: [], identified: [] })
    expect([found.size, identified.size]).toEqual([5_001, 5_000])
  })

  it('to a centre that holds more than the gateway knows, nothing', async () => {
    const { clock, report, sent, found, answer, device } = testReport()
    for (let n = 0; n < 300; n++) found.set(`old ${n}`, device(`old ${n}`))
    report.found(device(1))
    await clock.advanceAsync(1_000)
    report.reconcile()
    await clock.advanceAsync(1_000)
    const { length } = sent
    report.wanted(answer(sent.at(-1)!.digest!))
    await clock.advanceAsync(1_000)
    expect(sent.length).toBe(length)
  })
})

it('what was told is summed up within five minutes, and then there is no more to say', async () => {
  const { clock, report, sent, device } = testReport()
  await clock.advanceAsync(fiveMinutes + 1_000)
  expect(sent).toEqual([])
  report.found(device(1))
  await clock.advanceAsync(fiveMinutes + 1_000)
  expect(sent.map(({ digest }) => digest !== undefined)).toEqual([false, true])
  // Seen again, and the same.
  report.found(device(1))
  await clock.advanceAsync(3 * fiveMinutes)
  expect(sent.map(({ found, digest }) => [found.length, digest !== undefined])).toEqual([
    [1, false],
    [0, true],
    [1, false],
  ])
})

it('one more camera costs as many bytes beside 1,000 as beside 20,000', async () => {
  const costs: number[] = []
  for (const count of [1_000, 5_000, 20_000]) {
    const { clock, report, sent, device } = testReport()
    for (let n = 0; n < count; n++) report.found(device(n))
    await clock.advanceAsync(fiveMinutes + 1_000)
    const before = sent.length
    report.found(device('more'))
    await clock.advanceAsync(fiveMinutes)
    report.reconcile()
    await clock.advanceAsync(1_000)
    costs.push(sent.slice(before).reduce((bytes, message) => bytes + Buffer.byteLength(JSON.stringify(message)), 0))
  }
  console.log(`bytes sent for one more camera, with a digest and one at a reconnection: ${costs.join(', ')}`)
  expect(costs[0]).toBeLessThan(20_000)
  expect(new Set(costs).size).toBe(1)
})

it('tells strangers beside a whole rollout, is bounded under a flood, and is open again when the flood is silent', async () => {
  const { clock, report, found, device } = testReport()
  const named = (endpoint: string) => device(0, { endpoint })
  for (let n = 0; n < 20_000; n++) report.found(named(`planned ${n}`))
  report.found(named('stranger'))
  for (let n = 0; n < 100_000; n++) report.found(named(`forged ${n}`))
  await clock.advanceAsync(1_000)
  expect([found.has('stranger'), found.size, report.refused()]).toEqual([true, 50_000, 70_001])
  await clock.advanceAsync(hour)
  report.found(named('planned 0'))
  report.found(named('real'))
  await clock.advanceAsync(1_000)
  expect(found.has('real')).toBe(true)
})
