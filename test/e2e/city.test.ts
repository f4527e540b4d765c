/** A fleet, a district that fails, an uplink that fails: what the hub says of it, and that it is what really happened. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnEachBus } from './support/buses.ts'
import { type City, startCity } from './support/city.ts'
import { expectIntervalsEqualOracle, intervalsOf } from './support/intervals.ts'
import type { TruthEntry } from './support/sims.ts'
import { openStream, type Stream } from './support/stream.ts'
import { sleep, until } from './support/until.ts'

const district = '430405'
/** Seconds. */
const period = 4
/** A look that was under way when a device failed began before it; one that is due may wait a little for its turn. */
const slackMs = 1_200
/** What happened when is held to the probe period by its times; the news of it may take so much longer on a busy machine. Seconds. */
const newsSeconds = 10

describeOnEachBus('a city', (bus) => {
  let city: City
  let stream: Stream
  beforeAll(async () => {
    city = await startCity({ bus, cameras: 48, sensors: 24, probeEverySeconds: period })
    stream = await openStream(city.address, city.hub.cookie)
  })
  afterAll(async () => {
    stream?.close()
    await city?.stop()
  })

  it('comes up, every device online', async () => {
    await city.allUp(90)
    expect((await city.devices()).length).toBe(72)
    await until(
      () => new Set(stream.transitions.map(({ device }) => device)).size === 72,
      20,
      'the stream has told of every device',
    )
  })

  it.each(['power-off', 'network-cut'] as const)(
    'sees %s of one district within three probe periods, and its end',
    async (fault) => {
      const listed = await city.devices(`?district=${district}`)
      const own = listed.map(({ id }) => id)
      expect(own.length).toBeGreaterThanOrEqual(6)
      const before = stream.transitions.length

      const began = Date.now()
      expect(await city.sims.begin(fault, { district })).toBe(own.length)
      await until(
        () => inState(city, 'down', own.length),
        3 * period + newsSeconds,
        'every device of the district is down',
      )
      const told = Date.now()
      await sleep(2 * period * 1_000)
      await city.sims.clear({ district })
      const cleared = Date.now()
      await until(
        () => inState(city, 'up', own.length),
        2 * period + newsSeconds,
        'every device of the district is up again',
      )
      console.log(
        `${bus} ${fault}: ${own.length} devices down in the API after ${told - began} ms, up after ${Date.now() - cleared} ms`,
      )

      const ill = stream.transitions.slice(before).filter(({ to }) => to === 'down' || to === 'unknown')
      expect(new Set(ill.map((transition) => transition.device))).toEqual(new Set(own))
      expect(ill.map(({ to }) => to)).toEqual(own.map(() => 'down'))

      await expectIntervalsEqualOracle(city)
      const truth = await city.sims.truth()
      // A sensor that is cut off keeps what it could not send: its samples say, at their own times, that it lived.
      const keeps = (kind: string) => kind === 'sensor' && fault === 'network-cut'
      for (const { id, kind } of listed)
        if (keeps(kind)) await expectDownWithinTruth(city, id, truth)
        else await expectEdgesAtTruth(city, id, truth)
    },
  )

  it('shows devices whose gateway cannot reach it for a minute as unknown, and then what really happened', async () => {
    const [gateway] = city.plan.gateways
    const [uplink] = city.uplinks
    const lost = (await city.devices(`?gateway=${gateway!.id}`)).map(({ id }) => id)
    const victim = (await city.devices(`?gateway=${gateway!.id}&kind=camera`))[0]!.id
    const before = stream.transitions.length

    const cutAt = performance.now()
    uplink!.cut()
    await city.sims.begin('power-off', { id: victim })
    await sleep(3 * period * 1_000)
    await city.sims.clear({ id: victim })
    await until(
      async () => (await idsIn(city, 'unknown')).length === lost.length,
      2 * period + newsSeconds,
      'all its devices are unknown',
    )
    expect(new Set(await idsIn(city, 'unknown'))).toEqual(new Set(lost))
    expect(await idsIn(city, 'down')).toEqual([])
    await sleep(60_000 - (performance.now() - cutAt))
    expect(new Set(await idsIn(city, 'unknown'))).toEqual(new Set(lost))

    uplink!.mend()
    const mended = Date.now()
    await city.allUp(90)
    console.log(`${bus}: all up ${Date.now() - mended} ms after the uplink was mended`)
    await spoolsDrained(city)

    // The stream tells what the Record has held for a moment already.
    await until(() => stream.transitions.length >= before + 2 * lost.length, newsSeconds, 'the stream has told it')
    const told = stream.transitions.slice(before)
    expect(told.filter(({ to }) => to === 'down' || to === 'degraded')).toEqual([])
    expect(told.map(({ from, to, device }) => `${device} ${from} → ${to}`).sort()).toEqual(
      lost.flatMap((id) => [`${id} unknown → up`, `${id} up → unknown`]).sort(),
    )
    await expectIntervalsEqualOracle(city)
    await expectEdgesAtTruth(city, victim, await city.sims.truth())
    for (const id of lost) expect((await intervalsOf(city, id)).map(({ state }) => state)).not.toContain('unknown')
  })
})

async function inState(city: City, state: string, count: number): Promise<boolean> {
  return (await city.devices(`?district=${district}&state=${state}`)).length === count
}

const idsIn = async (city: City, state: string): Promise<string[]> =>
  (await city.devices(`?state=${state}`)).map(({ id }) => id)

async function spoolsDrained(city: City): Promise<void> {
  const gateways = () => city.hub.get<{ spooled: number }[]>('/gateways')
  await until(async () => (await gateways()).every(({ spooled }) => spooled <= 1), 30, 'the spools are drained')
}

/** The device was down within the last fault that the simulators tell, if at all: what it has kept may disprove the whole of it. */
async function expectDownWithinTruth(city: City, device: string, truth: readonly TruthEntry[]): Promise<void> {
  const edge = (wanted: TruthEntry['phase']) =>
    truth.findLast((entry) => entry.device === device && entry.phase === wanted)!.at
  const [began, ended] = [edge('began'), edge('ended')]
  const downs = (await intervalsOf(city, device)).filter(
    ({ state, to }) => state === 'down' && (to === null || to > began),
  )
  for (const { from, to } of downs) {
    expect(from - began).toBeGreaterThan(-slackMs)
    expect(to! - ended).toBeLessThan(period * 1_000 + slackMs)
  }
}

/** The device was down when the simulators say so, and at no other time: each edge within one probe period of theirs. */
async function expectEdgesAtTruth(city: City, device: string, truth: readonly TruthEntry[]): Promise<void> {
  const own = truth.filter((entry) => entry.device === device)
  const began = own.filter(({ phase }) => phase === 'began')
  const ended = own.filter(({ phase }) => phase === 'ended')
  const downs = (await intervalsOf(city, device)).filter(({ state }) => state === 'down')
  expect(downs.length).toBe(began.length)
  for (const [n, { from, to }] of downs.entries())
    for (const [edge, true_] of [
      [from, began[n]!.at],
      [to!, ended[n]!.at],
    ] as const) {
      expect(edge - true_).toBeGreaterThan(-slackMs)
      expect(edge - true_).toBeLessThan(period * 1_000 + slackMs)
    }
}
