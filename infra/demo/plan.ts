/** What the demo city is: its gateways, its ports, its secrets. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DistrictCode, districtCodes, districts, type GatewayId } from '@hub/contracts'
import { type CityPlan, type Login, writePrivate } from './files.ts'
import { type Pace, searchedPrefix } from './pace.ts'

type DemoGateway = { id: GatewayId; name: string; districts: readonly DistrictCode[] }

/** The districts in equal parts, neighbours together. */
export function gatewaysOf(count: number): DemoGateway[] {
  const each = districtCodes.length / count
  return Array.from({ length: count }, (_, n) => {
    const own = districtCodes.slice(n * each, (n + 1) * each)
    const id = `${own[0]}00002000${String(n + 1).padStart(6, '0')}`
    const names = districts.filter(({ code }) => own.includes(code))
    const list = (language: 'zh' | 'en', comma: string) => names.map((name) => name[language]).join(comma)
    return { id, name: `${list('zh', '、')} ${list('en', ', ')}`, districts: own }
  })
}

/** Six districts to each gateway: the city proper with Nanyue, and the counties. */
export const demoGateways = [
  { ...gatewaysOf(2)[0]!, name: '城区网关 Urban gateway' },
  { ...gatewaysOf(2)[1]!, name: '县市网关 County gateway' },
] as const

/** All ports follow from the hub's. */
export const controlPort = (http: number): number => http + 10
const busPort = (http: number) => http - 8080 + 1884
const fieldPort = (http: number, n: number) => http - 8080 + 1885 + n

/** A secret made at the first start and read again at the next. */
export function keptSecret(dir: string, name: string): string {
  const file = join(dir, name)
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  mkdirSync(dir, { recursive: true })
  const secret = randomBytes(18).toString('base64url')
  writePrivate(file, `${secret}\n`)
  return secret
}

/**
 * @param http the hub's port
 * @param fleet what is simulated: the cameras' login, and where they live
 */
export const demoPlan = (data: string, http: number, fleet: DemoFleet, pace: Pace): CityPlan => ({
  data,
  httpPort: http,
  bus: { mode: 'embedded', host: '127.0.0.1', port: busPort(http) },
  gateways: (pace.gateways === 2 ? demoGateways : gatewaysOf(pace.gateways)).map((gateway, n) => ({
    ...gateway,
    password: keptSecret(join(data, 'demo'), `gateway-${n + 1}.password`),
    uplink: `mqtt://127.0.0.1:${busPort(http)}`,
    fieldPort: fieldPort(http, n),
  })),
  camera: fleet.login,
  net: 10,
  searched: searchedOf(fleet),
  sensors: fleet.sensors.length,
  multicast: pace.multicast,
  discoverEverySeconds: pace.discoverEverySeconds,
  probeEverySeconds: pace.probeEverySeconds,
  probeTimeoutMs: 3_000,
  startupGraceSeconds: pace.graceSeconds,
})

export type DemoFleet = {
  login: Login
  cameras: readonly { district: DistrictCode; ipAddress: string }[]
  sensors: readonly unknown[]
}

/** What is searched of each district's net: as much as holds its cameras. */
export function searchedOf({ cameras }: Pick<DemoFleet, 'cameras'>): Partial<Record<DistrictCode, number>> {
  const byDistrict = Map.groupBy(cameras, ({ district }) => district)
  return Object.fromEntries(
    [...byDistrict].map(([district, own]) => [district, searchedPrefix(own.map(({ ipAddress }) => ipAddress))]),
  )
}
