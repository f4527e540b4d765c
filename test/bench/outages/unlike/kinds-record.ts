/** Kinds in which the record is silent or wrong. */
import { attribute, hour, minute, moment, named, place, type Stage } from './stage.ts'
import type { Device } from './types.ts'
import { behind } from './world.ts'

/** The record names nothing that the forty share but district, carrier and address. */
function hidden(stage: Stage): Device[] {
  const site = stage.site((s) => s.devices.length >= 40)
  const devices = site.devices.slice(0, 40)
  const scattered = stage.draw.next() < 0.5
  devices.forEach((d, n) => {
    d.carrier = devices[0]!.carrier
    const block = scattered ? n * 5 : Math.floor(n / 5) * 9
    d.ipAddress = `10.${200 + Math.floor(block / 250)}.${block % 250}.${10 + (n % 5)}`
    d.feed = d.switch = d.pole = d.port = d.recorder = null
    // The record has no good position either, for half of them.
    if (n % 2) d.longitude = d.latitude = null
  })
  return devices
}

export function noParent(stage: Stage): void {
  const devices = hidden(stage)
  const at = stage.at(15 + stage.draw.between(0, 20))
  stage.group(
    [moment, place, named('cohort'), attribute()].map(anyKey),
    'forty cameras within 30 s, parent unknown',
    devices,
    { at, to: at + 25 * minute },
    { spread: 30_000 },
  )
}

/** The third time the same devices fail together. */
export function noParentAgain(stage: Stage): void {
  const devices = hidden(stage)
  stage.length = 8 * hour
  for (let n = 0; n < 4; n++) {
    const at = stage.at(20 + n * 110 + stage.draw.between(0, 10))
    const late = n >= 2
    stage.group(
      (late ? [named('cohort'), moment, place] : [moment, place, named('cohort')]).map(anyKey),
      `forty cameras together, time ${n + 1}`,
      devices,
      { at, to: at + stage.draw.between(12, 25) * minute },
      { spread: 30_000 },
    )
  }
}
const anyKey = ({ kind }: { kind: string }) => ({ kind })

/** A tenth to three tenths of what stands at the switch is recorded elsewhere, and some that stand elsewhere are recorded here. */
export function wrongParents(stage: Stage): void {
  const kind = stage.draw.next() < 0.5 ? 'switch' : 'feed'
  const share = 0.1 + stage.draw.next() * 0.2
  const site = stage.site((s) => [...behind(s.devices, kind).values()].some((g) => g.length >= 12))
  const [key, devices] = stage.largest(site, kind)
  // The same share of the whole city is wrong: each takes the parent of another device of its site.
  for (const { devices: all } of stage.world.sites)
    for (const d of all) if (stage.draw.next() < share / 4) stage.record[d.id] = { [kind]: stage.draw.pick(all)[kind] }
  const others = site.devices.filter((d) => d[kind] !== key)
  devices.forEach((d, n) => {
    if (n < Math.ceil(devices.length * share) && others.length)
      stage.record[d.id] = { [kind]: stage.draw.pick(others)[kind] }
    else delete stage.record[d.id]
  })
  for (const d of others.slice(0, 2)) stage.record[d.id] = { [kind]: key }
  const at = stage.at(20)
  stage.group(
    [named(kind, key)],
    `${kind} ${key}, of which the record has ${Math.round(share * 100)} % wrong`,
    devices,
    { at, to: at + 25 * minute },
  )
}

/** Parents are missing in the record for a third and more. */
export function missingParents(stage: Stage): void {
  const kind = stage.draw.next() < 0.5 ? 'switch' : 'feed'
  const share = 0.2 + stage.draw.next() * 0.3
  for (const d of stage.world.devices)
    if (stage.draw.next() < share) stage.record[d.id] = { [kind]: null, pole: null, port: null }
  const site = stage.site((s) => [...behind(s.devices, kind).values()].some((g) => g.length >= 12))
  const [key, devices] = stage.largest(site, kind)
  const at = stage.at(20)
  stage.group([named(kind, key)], `${kind} ${key}, with ${Math.round(share * 100)} % not in the record`, devices, {
    at,
    to: at + 25 * minute,
  })
}

/** Sixteen channels of one recorder give no stream: signs of the device, not of the way to it. */
export function recorderNoStream(stage: Stage): void {
  const site = stage.site((s) => [...behind(s.devices, 'recorder').values()].some((g) => g.length >= 14))
  const [key, devices] = stage.largest(site, 'recorder')
  const at = stage.at(20)
  stage.group(
    [named('recorder', key), attribute(key)],
    `no stream from recorder ${key}`,
    devices,
    { at, to: at + 40 * minute, sign: 'device', rung: 'describes', reason: 'no-stream' },
    { spread: 45_000 },
  )
}

/** A password was changed: all that have it refuse within a minute. */
export function loginRefused(stage: Stage): void {
  const credential = `key-changed-${stage.draw.between(1, 99)}`
  // The password of a project: whole sites, or one here and one there.
  const devices: Device[] = []
  if (stage.draw.next() < 0.5) while (devices.length < 200) devices.push(...stage.site().devices)
  else for (const s of stage.world.sites) devices.push(...s.devices.filter((_, n) => n % 8 === s.n % 8))
  for (const d of devices.slice(0, 210)) d.credential = credential
  const at = stage.at(20)
  stage.group(
    [attribute(credential), moment],
    'two hundred refuse the login',
    devices.slice(0, 200),
    { at, to: at + 45 * minute, sign: 'device', rung: 'authenticated', reason: 'credential' },
    { spread: minute },
  )
}
