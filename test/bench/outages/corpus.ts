/**
 * Two hundred and forty seeded scenarios, each a scenario file of the simulators (fleet, timeline of faults, virtual time) with what
 * the simulators cannot do to a device: a gateway that goes blind or silent, second uplinks, recorders, gaps in the camera record.
 */
import { type Fleet, type FleetCamera, type FleetSensor, generateFleet } from '@hub/device-sims'
import { createDraw, type Draw } from './draw.ts'

export type ScenarioKind = (typeof scenarioKinds)[number]
export const scenarioKinds = [
  'single',
  'pole-power',
  'switch',
  'recorder',
  'carrier-line',
  'district-feeder',
  'gateway-blind',
  'uplink-cut',
  'flapping',
  'rolling-reboot',
  'two-causes',
  'planned-work',
] as const

export type Device = (FleetCamera | FleetSensor) & {
  recorder: string | null
  gateway: string
  uplinks: string[] | null
}

/** One thing that truly failed: its devices belong together. */
export type TrueCause = {
  kind: 'device' | 'flapping' | 'pole' | 'switch' | 'recorder' | 'feed' | 'line' | 'gateway'
  key: string
  devices: string[]
  planned: boolean
}

export type Scenario = {
  name: string
  kind: ScenarioKind
  seed: number
  fleet: Fleet
  devices: Device[]
  /** Scenario file of the simulators, YAML. */
  file: string
  causes: TrueCause[]
  /** Gateways that see nothing (`blind`) or say nothing (`silent`), milliseconds after the start. */
  gateways: { gateway: string; mode: 'blind' | 'silent'; from: number; to: number }[]
  /** Devices of which the camera record does not say pole and switch. */
  unrecorded: Set<string>
}

const seedsOfEach = 20
/** Cameras: a county, a few districts, the whole rollout. */
const sizes = [2_000, 2_000, 2_000, 2_000, 2_000, 2_000, 6_000, 6_000, 6_000, 20_000]
export const minute = 60_000
export const start = Date.UTC(2026, 2, 2)
/** Every scenario lasts so long. */
export const lasts = 75 * minute

export function* corpus(only?: string): Generator<Scenario> {
  for (const [n, kind] of scenarioKinds.entries())
    for (let i = 0; i < seedsOfEach; i++) {
      const name = `${kind}-${i + 1}`
      if (!only || name.startsWith(only)) yield scenarioOf(name, kind, 1_000 * (n + 1) + i)
    }
}

/** Every fourth is kept aside: nothing is tuned on it. */
export const isAside = ({ name }: Scenario): boolean => Number(name.split('-').at(-1)) % 4 === 0

type Step = { at: number; ids: string[]; forMs?: number }

function scenarioOf(name: string, kind: ScenarioKind, seed: number): Scenario {
  const draw = createDraw(seed)
  const cameras = draw.pick(sizes)
  const fleetOptions = { seed, cameras, sensors: Math.round(cameras / 10) }
  const fleet = generateFleet(fleetOptions)
  const devices = placed(fleet, draw)
  const steps: Step[] = []
  const causes: TrueCause[] = []
  const gateways: Scenario['gateways'] = []
  const used = new Set<string>()

  const fail = (cause: Omit<TrueCause, 'planned'>, at: number, forMs: number, planned = false) => {
    for (const id of cause.devices) used.add(id)
    causes.push({ ...cause, planned })
    steps.push({ at, ids: cause.devices, forMs })
  }
  const at = () => draw.between(8 * minute, 30 * minute)
  const long = () => draw.between(6 * minute, 40 * minute)
  const group = (of: 'pole' | 'switch' | 'recorder' | 'feed' | 'line', least: number): Omit<TrueCause, 'planned'> => {
    const groups = Map.groupBy(
      devices.filter((d) => !used.has(d.id) && groupKey(d, of) !== null && !(of === 'switch' && d.uplinks)),
      (d) => groupKey(d, of)!,
    )
    const big = [...groups].filter(([, members]) => members.length >= least).sort((a, b) => (a[0] < b[0] ? -1 : 1))
    const [key, members] = draw.pick(big)
    return { kind: of, key, devices: members.map((d) => d.id) }
  }

  if (kind === 'single')
    for (let i = draw.between(1, 6); i > 0; i--) {
      const device = draw.pick(devices.filter((d) => !used.has(d.id)))
      fail({ kind: 'device', key: device.id, devices: [device.id] }, at(), long())
    }
  if (kind === 'pole-power') fail(group('pole', 3), at(), long())
  if (kind === 'switch') fail(group('switch', 6), at(), long())
  if (kind === 'recorder') fail(group('recorder', 6), at(), long())
  if (kind === 'carrier-line') fail(group('line', 20), at(), long())
  if (kind === 'district-feeder') fail(group('feed', 6), at(), long())
  if (kind === 'gateway-blind' || kind === 'uplink-cut') {
    const gateway = draw.pick([...new Set(devices.map((d) => d.gateway))].sort())
    const from = at()
    const members = devices.filter((d) => d.gateway === gateway).map((d) => d.id)
    for (const id of members) used.add(id)
    gateways.push({ gateway, mode: kind === 'gateway-blind' ? 'blind' : 'silent', from, to: from + long() })
    causes.push({ kind: 'gateway', key: gateway, devices: members, planned: false })
  }
  if (kind === 'flapping')
    for (let i = draw.between(1, 3); i > 0; i--) {
      const device = draw.pick(devices.filter((d) => !used.has(d.id)))
      used.add(device.id)
      causes.push({ kind: 'flapping', key: device.id, devices: [device.id], planned: false })
      const from = at()
      for (let k = 0, t = from; k < 8; k++, t += draw.between(3, 5) * minute)
        steps.push({ at: t, ids: [device.id], forMs: draw.between(60, 120) * 1_000 })
    }
  if (kind === 'rolling-reboot') {
    const cause = group('switch', 8)
    for (const id of cause.devices) used.add(id)
    causes.push({ ...cause, planned: false })
    const from = at()
    for (const [i, id] of cause.devices.entries())
      steps.push({ at: from + i * draw.between(35, 60) * 1_000, ids: [id], forMs: draw.between(70, 110) * 1_000 })
  }
  if (kind === 'two-causes') {
    const from = at()
    fail(group(draw.pick(['switch', 'feed'] as const), 6), from, long())
    fail(group(draw.pick(['pole', 'switch', 'recorder'] as const), 3), from + draw.between(0, 60) * 1_000, long())
  }
  if (kind === 'planned-work') fail(group(draw.pick(['switch', 'feed', 'line'] as const), 6), at(), long(), true)

  // A city is never quiet: a few devices fail by themselves meanwhile.
  for (let i = draw.between(0, Math.round(cameras / 200)); i > 0; i--) {
    const device = draw.pick(devices.filter((d) => !used.has(d.id)))
    fail({ kind: 'device', key: device.id, devices: [device.id] }, draw.between(5 * minute, 60 * minute), long())
  }
  const gaps = draw.next() < 1 / 3 ? 0.3 : 0
  const unrecorded = new Set(devices.filter(() => draw.next() < gaps).map((d) => d.id))
  return { name, kind, seed, fleet, devices, file: fileOf(fleetOptions, steps), causes, gateways, unrecorded }
}

const groupKey = (d: Device, of: 'pole' | 'switch' | 'recorder' | 'feed' | 'line'): string | null =>
  of === 'feed' ? d.power : of === 'line' ? `${d.carrier}/${d.district}` : d[of]

/** Recorders of eight cameras in a row; a gateway for each district; one device in eight has a second uplink, by which it survives. */
function placed(fleet: Fleet, draw: Draw): Device[] {
  const seen = new Map<string, number>()
  return [...fleet.cameras, ...fleet.sensors].map((device) => {
    const n = seen.get(device.district) ?? 0
    seen.set(device.district, n + 1)
    return {
      ...device,
      power: feederOf(device.power),
      recorder: device.kind === 'camera' ? `NVR-${device.district}-${Math.floor(n / 8) + 1}` : null,
      gateway: `${device.district}00002000000001`,
      uplinks: draw.next() < 1 / 8 ? [device.switch, `${device.switch}-B`] : null,
    }
  })
}

/** A feeder serves ten meter boxes in a row. */
const feederOf = (box: string): string => `${box.slice(0, -4)}F${Math.ceil(Number(box.slice(-4)) / 10)}`

function fileOf(fleet: { seed: number; cameras: number; sensors: number }, steps: Step[]): string {
  const lines = steps
    .sort((a, b) => a.at - b.at)
    .flatMap(({ at, ids, forMs }) =>
      ids.map((id) => `  - { at: ${at}ms, fault: network-cut, match: { id: '${id}' }, for: ${forMs}ms }`),
    )
  return `fleet: { seed: ${fleet.seed}, cameras: ${fleet.cameras}, sensors: ${fleet.sensors} }
start: ${new Date(start).toISOString()}
lasts: ${lasts / minute}m
timeline:${lines.length > 0 ? `\n${lines.join('\n')}` : ' []'}
`
}
