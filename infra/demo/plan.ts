/** What the demo city is: its gateways, its ports, its secrets, its pace. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { districtCodes } from '@hub/contracts'
import { type CityPlan, type Login, writePrivate } from './files.ts'

/** Six districts to each gateway: the city proper with Nanyue, and the counties. */
export const demoGateways = [
  { id: '43040500002000000001', name: '城区网关 Urban gateway', districts: districtCodes.slice(0, 6) },
  { id: '43042200002000000002', name: '县市网关 County gateway', districts: districtCodes.slice(6) },
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

/** @param http the hub's port; @param camera what the fleet's cameras accept */
export const demoPlan = (data: string, http: number, camera: Login): CityPlan => ({
  data,
  httpPort: http,
  bus: { mode: 'embedded', host: '127.0.0.1', port: busPort(http) },
  gateways: demoGateways.map((gateway, n) => ({
    ...gateway,
    password: keptSecret(join(data, 'demo'), `gateway-${n + 1}.password`),
    uplink: `mqtt://127.0.0.1:${busPort(http)}`,
    fieldPort: fieldPort(http, n),
  })),
  camera,
  net: 10,
  searched: 24,
  multicast: true,
  discoverEverySeconds: 30,
  probeEverySeconds: 10,
  probeTimeoutMs: 3_000,
  startupGraceSeconds: 15,
})
