/** Kinds in which what devices are is the cause, and the honest controls: coincidences that are no event. */
import { attribute, hour, minute, moment, named, type Stage } from './stage.ts'
import type { Device } from './types.ts'

/** All devices of one model, no more than so many. */
function ofModel(stage: Stage, most: number): [string, Device[]] {
  const model = `ZN-${stage.draw.between(100, 999)}`
  const devices: Device[] = []
  for (const site of stage.world.sites) {
    if (devices.length >= most) break
    for (const d of site.devices) if (devices.length < most && stage.draw.next() < 0.08) devices.push(d)
  }
  for (const d of devices) Object.assign(d, { model, firmware: 'V2.1.8' })
  return [model, devices]
}

/** One model reboots at the same minute of each day, over the city, and heals by itself. */
export function rebootModel(stage: Stage): void {
  const [model, devices] = ofModel(stage, 120)
  stage.length = 49 * hour
  for (const n of [0, 1, 2]) {
    const at = stage.at(20 + n * 24 * 60)
    stage.group(
      [attribute(model, 'V2.1.8'), moment],
      `model ${model} reboots, time ${n + 1}`,
      devices,
      { at, to: at + 2 * minute },
      { spread: 40_000, words: { due: false, mayTell: n === 0 } },
    )
  }
}

/** New firmware goes from one device of a model to the next. */
export function rollingFirmware(stage: Stage): void {
  const [model, devices] = ofModel(stage, 60)
  const from = stage.at(12)
  const planned = stage.draw.next() < 0.5
  if (planned)
    stage.works.push({
      from,
      to: from + 55 * minute,
      devices: devices.map((d) => d.id),
      words: `firmware of ${model}`,
      source: 'maintenance',
    })
  stage.length = 80 * minute
  stage.cause(
    {
      what: `firmware rolls over ${model}`,
      names: [attribute(model, 'V2.1.8'), moment],
      due: false,
      mayTell: !planned,
    },
    devices.map((d, n) => {
      const at = from + n * 45_000 + stage.draw.between(0, 15_000)
      return [d, { at, to: at + stage.draw.between(120, 200) * 1_000, expected: planned }]
    }),
  )
}

/** Some devices of a district fail within minutes, each by itself; two of them behind one switch. */
export function coincidence(stage: Stage): void {
  const district = stage.world.districts[0]!
  const sites = Array.from({ length: stage.draw.between(5, 8) }, () => stage.site((s) => s.district === district))
  const from = stage.at(20)
  for (const [n, site] of sites.entries()) {
    const [, devices] = stage.largest(site, 'switch')
    const [a, b] = [devices[0]!, devices.find((d) => d.pole !== devices[0]!.pole)!]
    stage.alone(
      a,
      { at: from + stage.draw.between(0, 3 * minute), to: from + stage.draw.between(10, 45) * minute },
      'a coincidence',
    )
    if (n === 0 && b)
      stage.alone(
        b,
        { at: from + stage.draw.between(4, 6) * minute, to: from + stage.draw.between(10, 45) * minute },
        'a coincidence behind the same switch',
      )
  }
}

/** Two switches of different districts in the same minute: two outages. */
export function twoApart(stage: Stage): void {
  const at = stage.at(20)
  for (const district of stage.world.districts.slice(0, 2)) {
    const [key, devices] = stage.largest(
      stage.site((s) => s.district === district),
      'switch',
    )
    const own = at + stage.draw.between(0, 50_000)
    stage.group([named('switch', key)], `switch ${key}`, devices, {
      at: own,
      to: own + stage.draw.between(12, 30) * minute,
    })
  }
}

/** Nothing odd: a switch, a feeder or a recorder, rightly recorded. */
export function plain(stage: Stage): void {
  const kind = stage.draw.pick(['switch', 'feed'] as const)
  const [key, devices] = stage.largest(stage.site(), kind)
  const at = stage.at(20)
  stage.group([named(kind, key)], `${kind} ${key}`, devices, { at, to: at + 25 * minute })
}
