/** What is done to a city, phase by phase: each is measured whole, from its cause until everything is calm again. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Commissioning, DataLag } from '@hub/contracts'
import { commission } from '../../../infra/demo/commission.ts'
import { createProgressLines, progressOf } from '../../../infra/demo/progress.ts'
import { rounded } from '../field/proc.ts'
import { beginPhase, type PhaseFigures } from './meter.ts'
import { type Acknowledged, createOracle } from './oracle.ts'
import type { Place } from './place.ts'
import { type Intake, type Opened, type RecordReader, readRecord } from './record.ts'

export const phaseNames = ['commission', 'steady', 'power-cut', 'gateway-cut', 'restart', 'burst', 'flood'] as const
export type PhaseName = (typeof phaseNames)[number]

export type Outcome = PhaseFigures &
  Intake & {
    outages_opened: Opened
    acknowledged: Acknowledged
    outages_open_max: number
    down_max: number
    unknown_max: number
    /** From the end of the cause until every device is online and nothing waits; null: not within the limit. */
    calm_s?: number | null
    /** What only this phase has. */
    [figure: string]: unknown
  }

export type Options = {
  cameras: number
  sensors: number
  minutes: number
  /** How long a phase is waited for, seconds. */
  limit: number
  cutMinutes: number
  stopSeconds: number
  floodSeconds: number
  /** Of a probe, seconds. */
  period: number
}

type Caused = { devices: ReadonlySet<string>; gateways: ReadonlySet<string> }
const nobody: Caused = { devices: new Set(), gateways: new Set() }

/** So much of the city is "all of it". */
const nearlyAll = 0.999
/** What opens falsely after a phase opens within so many periods, for evidence is stale after three, and the time that outages take. */
const watchedPeriods = 4
const watchedMs = 15_000
/** How many a gateway runs at a time is bounded: those beyond are refused. */
const askersOfGateway = 24
/** As many times the observations as a burst is to have, as far as gateways take them: twenty of a sensor in ten seconds. */
const floodTimes = 10
const takenOfSensorPerSecond = 2

export function createPhases(place: Place, options: Options, say: (text: string) => void) {
  const all = options.cameras + options.sensors
  const wanted = Math.ceil(all * nearlyAll)
  const oracle = createOracle(place, say)
  let record: RecordReader | undefined
  const reader = () => {
    record ??= readRecord(place.recordFile)
    return record
  }

  /** Runs `work` as one phase, and adds what the Record says of it. */
  async function measured(
    work: () => Promise<Record<string, unknown>>,
    caused: Caused = nobody,
    gateways?: readonly string[],
  ): Promise<Outcome> {
    const before = reader().outages()
    const from = Date.now()
    const most = { open: 0, down: 0, unknown: 0 }
    let going = true
    const watching = (async () => {
      while (going) {
        const { down, unknown } = reader().states()
        most.open = Math.max(most.open, reader().openOutages())
        most.down = Math.max(most.down, down)
        most.unknown = Math.max(most.unknown, unknown)
        await sleep(2_000)
      }
    })()
    const end = await beginPhase(place)
    const own = await work()
    const figures = await end()
    going = false
    await watching
    return {
      ...figures,
      ...reader().intake(from, Date.now(), gateways),
      outages_opened: reader().opened(before, caused.devices, caused.gateways),
      acknowledged: oracle(),
      outages_open_max: most.open,
      down_max: most.down,
      unknown_max: most.unknown,
      ...own,
    }
  }

  /** Seconds until the condition holds; null when the limit came first. */
  async function within(condition: () => boolean | Promise<boolean>, what: string): Promise<number | null> {
    const began = performance.now()
    const seconds = () => (performance.now() - began) / 1_000
    while (seconds() < options.limit) {
      if (await Promise.resolve(condition()).catch(() => false)) return rounded(seconds())
      await sleep(250)
    }
    const { up, down, unknown } = reader().states()
    say(`NOT within ${options.limit} s: ${what} (${up} up, ${down} down, ${unknown} unknown)`)
    return null
  }
  const allUp = () => reader().states().up >= wanted
  /** @param since of which something must have come: before that the Record shows a calm that is over */
  const calm = async (since = 0): Promise<boolean> => {
    const { gateways } = await progress()
    const lag = await place.hub().get<DataLag>('/data-lag')
    // A batch or two are always on their way.
    const isDrained = gateways.spooled <= 3 * gateways.total && (reader().lagNow(gateways.total, since) ?? 99) < 5
    return allUp() && isDrained && lag.since === null
  }
  /** Nothing was broken, so that no outage is due: it is watched for as long as one would take to open. */
  const stayedCalm = async (since: number, what: string) => {
    const calm_s = await within(() => calm(since), what)
    await sleep(watchedPeriods * options.period * 1_000 + watchedMs)
    return { calm_s }
  }
  /** Devices first; the outages on the board end some time after, by their own rules. */
  const calmAgain = async (openBefore: number) => {
    const since = Date.now()
    const [calm_s, outages_ended_s] = await Promise.all([
      within(() => calm(since), 'calm again'),
      within(async () => (await calm(since)) && reader().openOutages() <= openBefore, 'the outages have ended'),
    ])
    return { calm_s, outages_ended_s }
  }
  const progress = () => place.hub().get<Commissioning>('/commissioning')

  const phases: Record<PhaseName, () => Promise<Outcome>> = {
    async commission() {
      const began = performance.now()
      const since = () => (performance.now() - began) / 1_000
      await place.startHub()
      const hub_up_s = rounded(since())
      await place.metrics('hub')
      let at = since()
      await commission(place.hub(), { record: place.recordCsv, secrets: place.secretsFile })
      const import_s = rounded(since() - at)
      const import_loop_max_ms = rounded(
        ((await place.metrics('hub')).get('nodejs_eventloop_lag_max_seconds') ?? Number.NaN) * 1_000,
      )
      say(
        `the record of ${all} devices is imported in ${import_s} s; the hub's event loop is held ${import_loop_max_ms} ms at most`,
      )
      at = since()
      await place.startSims()
      const simulators_s = rounded(since() - at)
      const steps: Record<string, number | null> = {}
      const lines = createProgressLines()
      const outcome = await measured(async () => {
        place.startGateways()
        at = since()
        const watching = setInterval(async () => {
          const now = await progress().catch(() => undefined)
          if (now === undefined) return
          const { steps: counts } = progressOf(now, options)
          for (const { step, done, of } of counts)
            if (of > 0 && done >= of * nearlyAll) steps[`${step}_s`] ??= rounded(since() - at)
          const line = lines({ steps: counts, complete: false }, performance.now())
          if (line !== undefined && Math.floor(since()) % 5 === 0) say(line)
        }, 1_000)
        const online = await within(allUp, 'commissioned')
        clearInterval(watching)
        return { commissioned_s: online, ...steps }
      })
      const total = outcome.commissioned_s === null ? null : rounded(since() - (simulators_s ?? 0))
      return { hub_up_s, import_s, import_loop_max_ms, simulators_s, total_s: total, ...outcome }
    },

    async steady() {
      // What is left of commissioning (identities, first pictures) is not the steady state.
      const settle_s = await within(
        async () => (await calm()) && (await progress()).cameras.identified >= options.cameras * nearlyAll,
        'calm before the steady phase',
      )
      return measured(async () => {
        await sleep(options.minutes * 60_000)
        return { settle_s }
      })
    },

    /** The district that is nearest to 8.5 % of the city (1,700 of 20,000). */
    async 'power-cut'() {
      const devices = [...place.fleet.cameras, ...place.fleet.sensors]
      const off = (members: readonly unknown[]) => Math.abs(members.length - all * 0.085)
      const byDistrict = Map.groupBy(devices, ({ district }) => district)
      const [district, members] = [...byDistrict].sort(([, a], [, b]) => off(a) - off(b))[0]!
      const ids = new Set(members.map(({ id }) => id))
      const outages = () => reader().openOutages()
      const before = outages()
      return measured(
        async () => {
          await place.sims.begin('power-off', { district })
          const first = within(() => outages() > before, 'an outage is open')
          const confirmed = await within(() => reader().states().down >= ids.size * 0.99, 'the cut is confirmed')
          const first_outage_s = await first
          // It lasts a while: digests and notifications are part of the cost.
          await sleep(60_000)
          await place.sims.clear({})
          return { cut_devices: ids.size, first_outage_s, confirmed_99_s: confirmed, ...(await calmAgain(before)) }
        },
        { devices: ids, gateways: new Set() },
      )
    },

    /** The wire of the first gateway is cut. Its devices become unknown; what it keeps comes after. */
    async 'gateway-cut'() {
      const [cut, ...others] = await gatewayIds()
      const served = new Set(place.districts[0])
      const ids = [...place.fleet.cameras, ...place.fleet.sensors].filter(({ district }) => served.has(district))
      const before = reader().openOutages()
      return measured(
        async () => {
          place.uplinks[0]!.cut()
          await sleep(options.cutMinutes * 60_000)
          place.uplinks[0]!.mend()
          return { cut_s: options.cutMinutes * 60, cut_devices: ids.length, ...(await calmAgain(before)) }
        },
        { devices: new Set(ids.map(({ id }) => id)), gateways: new Set([cut!]) },
        // What the cut gateway kept is late by its nature.
        others,
      )
    },

    async restart() {
      return measured(async () => {
        const began = performance.now()
        await place.endHub()
        const down_s = rounded((performance.now() - began) / 1_000)
        await place.startHub()
        const up_s = rounded((performance.now() - began) / 1_000)
        return { down_s, up_s, ...(await stayedCalm(Date.now(), 'calm after the restart of the hub')) }
      })
    },

    /** The hub stands still (SIGSTOP); then all that the gateways kept meanwhile comes at once, and no device has failed. */
    async burst() {
      const [hub] = place.pids().get('hub')!
      return measured(async () => {
        process.kill(hub!, 'SIGSTOP')
        await sleep(options.stopSeconds * 1_000)
        process.kill(hub!, 'SIGCONT')
        const began = Date.now()
        const outcome = await stayedCalm(began, 'calm after the burst')
        const busy = Math.max(5_000, (outcome.calm_s ?? 0) * 1_000)
        const { observations_per_s } = reader().intake(began, began + Math.min(busy, 30_000))
        return { stopped_s: options.stopSeconds, burst_observations_per_s: observations_per_s, ...outcome }
      })
    },

    /** Ten times the observations, all of them true: sensors report so much more often, and cameras are probed by command over and over. */
    async flood() {
      const cameras = place.fleet.cameras.map(({ id }) => id)
      const steady = all / options.period
      return measured(async () => {
        const began = Date.now()
        const until = began + options.floodSeconds * 1_000
        let asked = 0
        let refused = 0
        const ask = async () => {
          while (Date.now() < until) {
            const id = cameras[asked++ % cameras.length]
            const command = place.hub().post(`/devices/${id}/commands`, JSON.stringify({ name: 'probe' }))
            await command.catch(() => {
              refused++
              return sleep(20)
            })
          }
        }
        const oftener = Math.ceil(1 + ((floodTimes - 1) * all) / options.sensors)
        const taken = takenOfSensorPerSecond * options.period
        await place.sims.begin('babbling', { kind: 'sensor' }, Math.min(oftener, taken))
        await Promise.all(Array.from({ length: askersOfGateway * place.uplinks.length }, ask))
        await place.sims.clear({ kind: 'sensor' })
        const { observations_per_s } = reader().intake(began, until)
        const times = rounded((observations_per_s ?? Number.NaN) / steady, 1)
        say(`flood: ${observations_per_s} observations/s, ${times} times the steady rate`)
        const commands = { commands: asked, commands_refused: refused }
        const flood = {
          flood_s: options.floodSeconds,
          flood_observations_per_s: observations_per_s,
          times_steady: times,
        }
        return { ...flood, ...commands, ...(await stayedCalm(Date.now(), 'calm after the flood')) }
      })
    },
  }
  const gatewayIds = async () =>
    (await place.hub().get<{ gateway: string }[]>('/gateways')).map(({ gateway }) => gateway)

  return { phases, close: () => record?.close() }
}
