/** Kinds in which the network, a gateway or a clock is the cause. */
import { type Failure, hour, minute, moment, named, place, type Stage } from './stage.ts'
import type { Device } from './types.ts'
import { behind } from './world.ts'

const lineOf = (d: Device) => `${d.carrier}/${d.district}`
/** Devices on one line of a carrier in a district. */
function line(stage: Stage, least: number): [string, Device[]] {
  const lines = [...Map.groupBy(stage.world.devices, lineOf)].filter(([, g]) => g.length >= least)
  return stage.draw.pick(
    lines.length
      ? lines
      : [...Map.groupBy(stage.world.devices, lineOf)].sort((a, b) => b[1].length - a[1].length).slice(0, 1),
  )
}

/** What comes and goes is known as such only after some minutes. */
const oncePlain = (from: number) => ({ notBefore: from, from: from + 5 * minute })

/** Four switches of two carriers in one duct. */
export function duct(stage: Stage): void {
  const site = stage.site((s) => s.devices.length >= 36)
  const [a, b] = stage.draw.next() < 0.5 ? ['telecom', 'mobile'] : ['unicom', 'cable']
  const devices = site.devices.slice(0, 32)
  devices.forEach((d, n) => {
    const sw = Math.floor(n / 8)
    d.carrier = sw < 2 ? a! : b!
    d.switch = `sw-${d.district}-${site.n}-duct-${sw}`
    d.ipAddress = `10.${sw < 2 ? 180 : 190}.${(site.n + sw * 40) % 250}.${10 + n}`
    d.feed = `feed-${d.district}-${site.n}-duct-${n % 3}`
  })
  // The feeds go on beyond what the duct serves: they are no name for it.
  site.devices.slice(32).forEach((d, n) => {
    d.feed = `feed-${d.district}-${site.n}-duct-${n % 3}`
  })
  const at = stage.at(20)
  stage.group(
    [place, moment],
    'a duct with four switches of two carriers',
    devices,
    { at, to: at + 35 * minute },
    { spread: 20_000 },
  )
}

/** 60 of 200 on a line flap for an hour, the others stay up. */
export function lineFlaps(stage: Stage): void {
  const [key, all] = line(stage, 150)
  const bad = Math.round(Math.min(all.length, 200) * 0.3)
  const offset = stage.draw.between(0, 2)
  const devices = all.filter((_, n) => n % 3 === offset).slice(0, bad)
  const from = stage.at(10)
  stage.length = 85 * minute
  const rounds = (): Failure[] => {
    const failures: Failure[] = []
    for (let at = from + stage.draw.between(0, 6 * minute); at < from + hour; ) {
      const to = at + stage.draw.between(50_000, 120_000)
      failures.push({ at, to })
      at = to + stage.draw.between(1, 6) * minute
    }
    return failures
  }
  stage.cause(
    {
      what: `line ${key} unstable: ${devices.length} of ${all.length}`,
      names: [named('line', key)],
      due: oncePlain(from),
    },
    devices.map((d) => [d, rounds()]),
  )
}

/** A gateway too busy: slow devices time out now and then. */
export function gatewayOverload(stage: Stage): void {
  const [key, all] = stage.draw.pick([...behind(stage.world.devices, 'gateway')].filter(([, g]) => g.length >= 100))
  const devices = all.filter(() => stage.draw.next() < 0.25)
  const from = stage.at(12)
  const rounds = (): Failure[] => {
    const failures: Failure[] = []
    for (let at = from + stage.draw.between(0, 10 * minute); at < from + 40 * minute; ) {
      const to = at + stage.draw.between(45_000, 90_000)
      failures.push({ at, to, rung: 'answers', reason: 'timeout' })
      at = to + stage.draw.between(3, 12) * minute
    }
    return failures
  }
  stage.cause(
    {
      what: `gateway ${key} overloaded: ${devices.length} of ${all.length} time out`,
      names: [{ kind: 'gateway', keys: [key], notModes: ['silent', 'blind'] }],
      due: oncePlain(from),
    },
    devices.map((d) => [d, rounds()]),
  )
}

/** A reroute flaps a line twice: one outage with two halves. */
export function reroute(stage: Stage): void {
  const [key, devices] = line(stage, 40)
  const at = stage.at(15)
  stage.cause(
    { what: `line ${key} goes twice`, names: [named('line', key)], due: true },
    devices.map((d) => {
      const back = at + 2.5 * minute + stage.draw.between(0, 15_000)
      const again = at + 6 * minute + stage.draw.between(0, 4_000)
      return [
        d,
        [
          { at: at + stage.draw.between(0, 4_000), to: back },
          { at: again, to: at + 16 * minute + stage.draw.between(0, 20_000) },
        ],
      ]
    }),
  )
}

/** A third of the line follows 60 to 180 s after the rest. */
export function lateThird(stage: Stage): void {
  const [key, devices] = line(stage, 40)
  const at = stage.at(20)
  const to = at + 25 * minute
  // Its routes are shared by site: a whole site is late, or is not.
  const late = new Map<string, number>()
  const lateBy = (d: Device) => {
    const site = d.feed!.split('-').slice(0, 3).join('-')
    if (!late.has(site)) late.set(site, stage.draw.next() < 1 / 3 ? stage.draw.between(60_000, 180_000) : 0)
    return late.get(site)!
  }
  stage.cause(
    { what: `line ${key}, a third of it late`, names: [named('line', key)] },
    devices.map((d) => [d, stage.shifted({ at: at + lateBy(d), to }, 5_000)]),
  )
}

/** The clock of one of two gateways is off by minutes. */
export function clockSkew(stage: Stage): void {
  const kind = stage.draw.next() < 0.5 ? 'switch' : 'feed'
  const site = stage.site((s) => [...behind(s.devices, kind).values()].some((g) => g.length >= 12))
  const [key, devices] = stage.largest(site, kind)
  for (const d of site.devices.filter((_, n) => n % 2)) d.gateway = `gw-${d.district}-skew`
  const skew = stage.draw.between(50, 200) * (stage.draw.next() < 0.5 ? -1_000 : 1_000)
  const at = stage.at(20)
  stage.cause(
    { what: `${kind} ${key}, half of it seen by a clock ${skew / 1_000} s off`, names: [named(kind, key)] },
    devices.map((d) => [
      d,
      { ...stage.shifted({ at, to: at + 25 * minute }, 3_000), skew: d.gateway!.endsWith('skew') ? skew : 0 },
    ]),
  )
}

/** A recorder restarts: its channels go together and come back one after the other. */
export function recorderRestart(stage: Stage): void {
  const site = stage.site((s) => [...behind(s.devices, 'recorder').values()].some((g) => g.length >= 14))
  const [key, devices] = stage.largest(site, 'recorder')
  const at = stage.at(20)
  const back = at + stage.draw.between(100, 170) * 1_000
  stage.cause(
    { what: `recorder ${key} restarts`, names: [named('recorder', key)], due: false, mayTell: true },
    devices.map((d, n) => [d, { at: at + stage.draw.between(0, 5_000), to: back + n * 5_000 }]),
  )
}

/** A third of a switch is behind a gateway whose data come when the outage is long closed. */
export function lateData(stage: Stage): void {
  const site = stage.site((s) => [...behind(s.devices, 'switch').values()].some((g) => g.length >= 12))
  const [key, devices] = stage.largest(site, 'switch')
  const late = devices.filter((_, n) => n % 3 === 0)
  for (const d of late) d.gateway = `gw-${d.district}-cut-off`
  const at = stage.at(15)
  const to = at + 12 * minute
  const heldUntil = to + stage.draw.between(40, 90) * minute
  stage.length = 3 * hour
  stage.cause(
    { what: `switch ${key}, a third of it told when it was over`, names: [named('switch', key)] },
    devices.map((d) => [d, { ...stage.shifted({ at, to }, 3_000), ...(late.includes(d) && { heldUntil }) }]),
  )
}

/** One device of the switch failed ten minutes before: it is its own. */
export function earlyBird(stage: Stage): void {
  const kind = stage.draw.next() < 0.5 ? 'switch' : 'feed'
  const site = stage.site((s) => [...behind(s.devices, kind).values()].some((g) => g.length >= 10))
  const [key, devices] = stage.largest(site, kind)
  const [first, ...rest] = devices
  const at = stage.at(25)
  stage.alone(
    first!,
    { at: at - 10 * minute - stage.draw.between(0, 60_000), to: at + 45 * minute },
    'failed ten minutes before the others',
  )
  stage.group([named(kind, key)], `${kind} ${key}, without the one that failed before`, rest, {
    at,
    to: at + 25 * minute,
  })
  stage.length = 90 * minute
}

/** A feeder and a switch that share some devices, minutes apart. */
export function overlap(stage: Stage): void {
  const site = stage.site((s) => s.devices.length >= 30)
  const [feedKey, onFeed] = stage.largest(site, 'feed')
  const switches = [...behind(site.devices, 'switch')].map(
    ([k, g]) => [k, g, g.filter((d) => !onFeed.includes(d))] as const,
  )
  const [swKey, , rest] = switches.sort((a, b) => b[2].length - a[2].length)[0]!
  const at = stage.at(18)
  const gap = stage.draw.between(2, 8) * minute
  stage.group([named('feed', feedKey)], `feeder ${feedKey}`, onFeed, { at, to: at + 30 * minute })
  stage.group([named('switch', swKey)], `switch ${swKey}, part of which was out already`, rest, {
    at: at + gap,
    to: at + gap + 32 * minute,
  })
}
