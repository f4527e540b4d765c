/**
 * A city of devices. In each district there are sites (a street or a square) of 24 to 48 devices; in a site each carrier has its switches,
 * power comes by feeds that do not care for carriers, poles carry one to three devices, some sites record on a recorder of sixteen channels.
 */
import type { Draw } from '../draw.ts'
import type { Device } from './types.ts'

/** Code, centre and a box around it that lies inside the district. */
const districts: readonly [code: string, longitude: number, latitude: number, half: number][] = [
  ['430405', 112.626, 26.891, 0.03],
  ['430406', 112.6, 26.84, 0.03],
  ['430407', 112.6, 26.95, 0.03],
  ['430408', 112.55, 26.88, 0.03],
  ['430412', 112.7, 27.25, 0.04],
  ['430421', 112.38, 27.05, 0.1],
  ['430422', 112.677, 26.74, 0.1],
  ['430423', 112.8, 27.23, 0.1],
  ['430424', 112.95, 27.1, 0.12],
  ['430426', 111.95, 26.787, 0.12],
  ['430481', 112.847, 26.414, 0.12],
  ['430482', 112.397, 26.35, 0.12],
]
export const carriers = ['telecom', 'mobile', 'unicom', 'cable'] as const
const models = ['DS-2CD3T46', 'DS-2DE4425', 'IPC-HFW4433', 'IPC-B6A2', 'HIC5421', 'TC-A5233', 'KBA-3100', 'VS-IPC8102']
const day = 86_400_000

export type Site = { district: string; n: number; devices: Device[]; switches: string[]; feeds: string[] }
export type World = { devices: Device[]; sites: Site[]; districts: string[] }

/** Degrees of so many metres, near enough at 27° north. */
export const metres = (n: number): number => n / 105_000

export function buildWorld(draw: Draw, size: number, now: number): World {
  const count = size <= 4_000 ? 4 : size <= 8_000 ? 8 : 12
  const first = draw.between(0, districts.length - 1)
  const used = Array.from({ length: count }, (_, n) => districts[(first + n) % districts.length]!)
  const world: World = { devices: [], sites: [], districts: used.map(([code]) => code) }
  for (let n = 0; world.devices.length < size; n++) buildSite(draw, world, used[n % count]!, n, now)
  return world
}

function buildSite(
  draw: Draw,
  world: World,
  [district, centreLon, centreLat, half]: (typeof districts)[number],
  n: number,
  now: number,
): void {
  const size = draw.between(24, 48)
  const main = draw.between(0, 3)
  // Most of a site is built by one carrier, the rest by another.
  const carrierOf = () => carriers[draw.next() < 0.7 ? main : (main + 1) % 4]!
  const longitude = centreLon + (draw.next() * 2 - 1) * half
  const latitude = centreLat + (draw.next() * 2 - 1) * half
  const recorded = draw.next() < 0.35
  const project = {
    model: draw.pick(models),
    installedAt: now - draw.between(60, 2_000) * day,
    credential: `key-${draw.between(1, 24)}`,
  }
  const gateway = `gw-${district}-${Math.floor(world.sites.filter((s) => s.district === district).length / 6)}`
  const site: Site = { district, n, devices: [], switches: [], feeds: [] }
  const onSwitch = new Map<string, { id: string; left: number; block: number }>()
  let feed = { id: '', left: 0 }
  let pole = { id: '', left: 0, longitude: 0, latitude: 0 }
  let poles = 0
  while (site.devices.length < size) {
    const m = site.devices.length
    const carrier = carrierOf()
    let sw = onSwitch.get(carrier)
    if (!sw || sw.left === 0) {
      const id = `sw-${district}-${n}-${site.switches.length}`
      sw = { id, left: draw.between(8, 16), block: site.switches.length * 16 }
      onSwitch.set(carrier, sw)
      site.switches.push(id)
    }
    if (feed.left === 0) {
      feed = { id: `feed-${district}-${n}-${site.feeds.length}`, left: draw.between(10, 26) }
      site.feeds.push(feed.id)
    }
    if (pole.left === 0)
      pole = {
        id: `pole-${district}-${n}-${poles++}`,
        left: draw.pick([1, 1, 2, 2, 3]),
        longitude: longitude + metres(poles * 45),
        latitude: latitude + metres(draw.between(-15, 15)),
      }
    const port = draw.between(1, 24)
    const net = carriers.indexOf(carrier as (typeof carriers)[number])
    const serial = String(world.devices.length + 1).padStart(6, '0')
    const device: Device = {
      id: `${district}0005132${net}${serial}`.padEnd(20, '0'),
      district,
      carrier,
      gateway,
      pole: pole.id,
      feed: feed.id,
      switch: sw.id,
      port: String(port),
      recorder: recorded && m >= 4 ? `nvr-${district}-${n}-${Math.floor((m - 4) / 16)}` : null,
      ipAddress: `10.${net * 16 + Math.floor(n / 256)}.${n % 256}.${Math.min(250, sw.block + 17 - sw.left)}`,
      longitude: pole.longitude + metres(draw.between(-2, 2)),
      latitude: pole.latitude,
      model: draw.next() < 0.8 ? project.model : draw.pick(models),
      firmware: `V5.${draw.between(4, 7)}`,
      credential: project.credential,
      address: `${district} road ${n % 97}`,
      installedAt: project.installedAt,
      pointType: draw.next() < 0.1 ? '1' : '3',
    }
    sw.left--
    feed.left--
    pole.left--
    site.devices.push(device)
    world.devices.push(device)
  }
  world.sites.push(site)
}

/** Devices by what is behind each thing of that kind. */
export const behind = (devices: readonly Device[], kind: keyof Device): Map<string, Device[]> =>
  Map.groupBy(
    devices.filter((d) => d[kind] !== null),
    (d) => String(d[kind]),
  )
