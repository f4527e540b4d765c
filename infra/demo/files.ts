/** A city's configuration files, written from one plan. The demo city and the end-to-end tests are composed by it. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DistrictCode, districtCodes, type GatewayId } from '@hub/contracts'
import { stringify } from 'yaml'

export type Login = { user: string; password: string }

export type GatewayPlan = {
  id: GatewayId
  name: string
  districts: readonly DistrictCode[]
  password: string
  /** Address of the bus as this gateway sees it. */
  uplink: string
  /** Where its sensors connect. */
  fieldPort: number
  /** Where it answers `/healthz` and `/metrics`; absent: nowhere. */
  statusPort?: number
}

export type CityPlan = {
  /** Folder of everything that the city writes. */
  data: string
  httpPort: number
  bus: { mode: 'embedded'; host: string; port: number } | ({ mode: 'mqtt'; url: string } & Login)
  gateways: readonly GatewayPlan[]
  /** What the simulated cameras accept. */
  camera: Login
  /** Simulated cameras of the n-th district (from 1) live in 127.(net+n).0.0. */
  net: number
  /** Prefix length of the part of each district's net that is searched; by district, /24 where none is named. */
  searched: number | Partial<Record<DistrictCode, number>>
  /** How many sensors there are: simulated ones all come from one address, which a gateway then allows so many connections. */
  sensors?: number
  multicast: boolean
  discoverEverySeconds: number
  probeEverySeconds: number
  probeTimeoutMs: number
  startupGraceSeconds: number
  /** What differs from the hub's default policy. */
  policy?: object
  /** Channels that are told of outages and work orders. */
  channels?: readonly object[]
}

export function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 })
}

/** Writes the hub's and the gateways' configuration below `data/demo`. Returns their paths. */
export function writeConfiguration(plan: CityPlan): { hub: string; gateways: string[] } {
  const dir = join(plan.data, 'demo')
  mkdirSync(dir, { recursive: true })
  const write = (name: string, content: object) => {
    const file = join(dir, name)
    writePrivate(file, stringify(content))
    return file
  }
  return {
    hub: write('hub.yaml', hubFile(plan)),
    gateways: plan.gateways.map((gateway, n) => write(`gateway-${n + 1}.yaml`, gatewayFile(plan, gateway, n))),
  }
}

const hubFile = (plan: CityPlan) => ({
  http: { host: '127.0.0.1', port: plan.httpPort },
  data: plan.data,
  bus: plan.bus,
  history: { kind: 'embedded' },
  policy: {
    target: 0.96,
    provenance: '数字衡阳通报的平均在线率 ≥ 96 %（reported average, not a contract threshold）',
    startupGraceSeconds: plan.startupGraceSeconds,
    probeEverySeconds: plan.probeEverySeconds,
    ...plan.policy,
  },
  channels: plan.channels ?? [],
  gateways: plan.gateways.map(({ id, name, districts, password }) => ({
    id,
    name,
    districts,
    passwordHash: createHash('sha256').update(password).digest('hex'),
  })),
  demo: { approveProject: 'hengyang-sims', credential: 'sims' },
})

const searched = ({ searched }: CityPlan, district: DistrictCode): number =>
  typeof searched === 'number' ? searched : (searched[district] ?? 24)

const gatewayFile = (plan: CityPlan, gateway: GatewayPlan, n: number) => ({
  id: gateway.id,
  data: join(plan.data, `gateway-${n + 1}`),
  uplink: { url: gateway.uplink, password: gateway.password },
  field: {
    host: '127.0.0.1',
    port: gateway.fieldPort,
    ...(plan.sensors !== undefined && { connectionsPerAddress: Math.max(256, plan.sensors) }),
  },
  discovery: {
    interfaces: ['127.0.0.1'],
    multicast: plan.multicast,
    ranges: gateway.districts.map(
      (district) => `127.${plan.net + 1 + districtCodes.indexOf(district)}.0.0/${searched(plan, district)}`,
    ),
    everySeconds: plan.discoverEverySeconds,
    allowLoopback: true,
    packetsPerSecond: 1_000,
  },
  credentials: { sims: plan.camera },
  probe: { timeoutMs: plan.probeTimeoutMs, concurrency: 64 },
  ...(gateway.statusPort !== undefined && { http: { host: '127.0.0.1', port: gateway.statusPort } }),
})
