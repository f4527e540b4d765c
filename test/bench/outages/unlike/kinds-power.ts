/** Kinds in which power or weather is the cause. */
import { hour, minute, moment, named, place, type Stage } from './stage.ts'
import type { Device } from './types.ts'
import { behind } from './world.ts'

/** A substation: feeders of several districts in the same seconds. The record knows the feeders and nothing above. */
export function substation(stage: Stage): void {
  const devices: Device[] = []
  const feeds: string[] = []
  const wanted = stage.draw.between(4, 8)
  const [a, b, c] = stage.world.districts
  while (feeds.length < wanted) {
    const district = [a, b, c][feeds.length % 3]
    const site = stage.site((s) => s.district === district)
    const [key, behindIt] = stage.largest(site, 'feed')
    feeds.push(key)
    devices.push(...behindIt)
  }
  const at = stage.at(20)
  stage.group(
    [moment, place, { kind: 'attribute' }, { kind: 'substation' }],
    `a substation: ${feeds.length} feeders in three districts`,
    devices,
    { at, to: at + 35 * minute },
    { spread: 4_000 },
  )
}

/** A pole breaks while its feeder is out, and is still out when power is back. */
export function outlives(stage: Stage): void {
  const site = stage.site((s) => [...behind(s.devices, 'feed').values()].some((g) => g.length >= 16))
  const [key, devices] = stage.largest(site, 'feed')
  const poles = [...behind(devices, 'pole')].filter(
    ([pole, g]) => g.length >= 2 && site.devices.filter((d) => d.pole === pole).length === g.length,
  )
  const [pole, broken] = poles[0] ?? [devices[0]!.pole!, [devices[0]!]]
  const [at, back] = [stage.at(15), stage.at(35)]
  const end = stage.at(65)
  const rest = devices.filter((d) => !broken.includes(d))
  const feed = stage.group([named('feed', key)], `feeder ${key}, with a pole that stays out`, rest, { at, to: back })
  for (const d of broken) {
    stage.fail(d, { at: at + stage.draw.between(0, 3_000), to: end })
    stage.taken.add(d.id)
    feed.members.push({ device: d.id, from: at, to: back, askedAt: back - minute })
  }
  const from = back + 2 * minute
  stage.truth(
    {
      what: `pole ${pole}, out since the feeder was`,
      names: broken.length === 1 ? [{ kind: 'device' }, named('pole', pole)] : [named('pole', pole)],
      due: false,
      mayTell: true,
      lone: broken.length === 1,
    },
    broken.map((d) => ({ device: d.id, from, to: end })),
  )
}

/** 14 of 20 poles on one small gateway fail one after the other, 45 s apart, in a storm: poles, not the gateway. */
export function stormPoles(stage: Stage): void {
  const gateway = 'gw-small'
  const site = stage.site((s) => s.devices.length >= 40)
  const devices: Device[] = []
  for (let n = 0; n < 20; n++)
    for (let m = 0; m < 2; m++) {
      const d = site.devices[n * 2 + m]!
      d.pole = `pole-${site.n}-storm-${n}`
      d.longitude = site.devices[0]!.longitude! + n * 0.0006
      d.switch = `sw-${site.n}-storm-${n % 7}`
      d.feed = `feed-${site.n}-storm-${n % 5}`
      d.recorder = null
      devices.push(d)
    }
  for (const d of site.devices) d.gateway = gateway
  for (const d of site.devices.slice(40)) d.gateway = `gw-${d.district}-0`
  const order = Array.from({ length: 20 }, (_, n) => n).sort(() => stage.draw.next() - 0.5)
  order.slice(0, 14).forEach((n, k) => {
    const at = stage.at(15) + k * 45_000
    const pole = `pole-${site.n}-storm-${n}`
    stage.group(
      [named('pole', pole)],
      `pole ${pole} in the storm`,
      devices.filter((d) => d.pole === pole),
      { at, to: at + stage.draw.between(25, 45) * minute },
      { words: { due: false, mayTell: true } },
    )
  })
  stage.works.push({
    from: stage.at(0),
    to: stage.at(70),
    devices: devices.map((d) => d.id),
    words: 'orange warning of thunderstorms',
    source: 'warning',
  })
}

/** A wide storm: many devices by themselves over an hour, and two feeders among them. */
export function storm(stage: Stage): void {
  const district = stage.world.districts[0]!
  const [k1, g1] = stage.largest(
    stage.site((s) => s.district === district),
    'feed',
  )
  const [k2, g2] = stage.largest(
    stage.site((s) => s.district === district),
    'feed',
  )
  for (const [key, devices, from] of [
    [k1, g1, 22],
    [k2, g2, 37],
  ] as const) {
    const at = stage.at(from)
    stage.group([named('feed', key)], `feeder ${key} in the storm`, devices, { at, to: at + 30 * minute })
  }
  const here = stage.world.devices.filter((d) => d.district === district && !stage.taken.has(d.id))
  const many = Math.round(here.length * 0.06)
  for (let n = 0; n < many; n++) {
    const d = stage.draw.pick(here)
    if (stage.taken.has(d.id)) continue
    const at = stage.at(10) + stage.draw.between(0, 50 * minute)
    stage.alone(d, { at, to: at + stage.draw.between(5, 40) * minute }, 'by itself in the storm')
  }
  stage.length = 110 * minute
  stage.works.push({
    from: stage.at(0),
    to: stage.at(80),
    devices: here.map((d) => d.id),
    words: 'red warning of a rainstorm',
    source: 'warning',
  })
}

/** The feeder takes the uplink of a gateway along: six are seen down, of twelve nothing is known. */
export function unknownFeeder(stage: Stage): void {
  const site = stage.site((s) => [...behind(s.devices, 'feed').values()].some((g) => g.length >= 18))
  const [key, all] = stage.largest(site, 'feed')
  const devices = all.slice(0, 18)
  for (const d of all.slice(18)) d.feed = `${key}-b`
  const [seen, dark] = [devices.slice(0, 6), devices.slice(6)]
  for (const d of seen) d.gateway = `gw-${d.district}-near`
  for (const d of dark) d.gateway = 'gw-on-the-feeder'
  const beside = stage.site((s) => s.district === site.district)
  const others = beside.devices.slice(0, 20)
  for (const d of others) d.gateway = 'gw-on-the-feeder'
  for (const d of beside.devices.slice(20)) d.gateway = `gw-${d.district}-near`
  const at = stage.at(20)
  const to = at + 25 * minute
  stage.cause({ what: `feeder ${key}, with the uplink of a gateway`, names: [named('feed', key)], due: true }, [
    ...seen.map((d) => [d, stage.shifted({ at, to }, 2_000)] as const),
    ...dark.map((d) => [d, stage.shifted({ at, to, sign: 'silent', state: 'unknown' }, 4_000)] as const),
  ])
  stage.cause(
    {
      what: 'the gateway on the feeder says nothing',
      names: [named('gateway', 'gw-on-the-feeder'), named('feed', key)],
      due: false,
      mayTell: true,
    },
    others.map((d) => [d, stage.shifted({ at, to, sign: 'silent', state: 'unknown' }, 4_000)] as const),
  )
}

/** An announced power cut: one outage, nobody is told. */
export function plannedCut(stage: Stage): void {
  const [key, devices] = stage.largest(stage.site(), 'feed')
  const [from, to] = [stage.at(10), stage.at(60)]
  const at = stage.at(15 + stage.draw.between(0, 10))
  stage.works.push({
    from,
    to,
    devices: devices.map((d) => d.id),
    words: `announced cut of ${key}`,
    source: 'power-cut',
  })
  stage.group(
    [named('feed', key)],
    `announced cut of feeder ${key}`,
    devices,
    { at, to: at + 25 * minute, expected: true },
    { words: { due: false } },
  )
}

/** Maintenance that is not over when its window is: told from then on. */
export function overrun(stage: Stage): void {
  const kind = stage.draw.next() < 0.5 ? 'switch' : 'feed'
  const site = stage.site((s) => [...behind(s.devices, kind).values()].some((g) => g.length >= 8))
  const [key, devices] = stage.largest(site, kind)
  const at = stage.at(12)
  const end = stage.at(40)
  stage.works.push({
    from: stage.at(8),
    to: end,
    devices: devices.map((d) => d.id),
    words: `maintenance of ${key}`,
    source: 'maintenance',
  })
  stage.group(
    [named(kind, key)],
    `maintenance of ${kind} ${key} overruns`,
    devices,
    { at, to: end + 35 * minute, expected: true },
    { words: { due: { notBefore: end, from: end } } },
  )
  stage.length = 1.6 * hour
}
