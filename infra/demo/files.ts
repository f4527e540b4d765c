/** The demo city's own files under `DATA/demo`: fleet, configuration and secrets, made once and kept. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DistrictCode, districtCodes } from '@hub/contracts'
import { stringify } from 'yaml'

/** Six districts to each gateway: the city proper with Nanyue, and the counties. */
export const demoGateways = [
  { id: '43040500002000000001', name: '城区网关 Urban gateway', districts: districtCodes.slice(0, 6) },
  { id: '43042200002000000002', name: '县市网关 County gateway', districts: districtCodes.slice(6) },
] as const

/** Simulated cameras of the n-th district (from 1) live in 127.(10+n).0.0/24 and up. */
const addressRange = (district: DistrictCode) => `127.${11 + districtCodes.indexOf(district)}.0.0/24`

const probeEverySeconds = 10

export type DemoPorts = { http: number; bus: number; field: readonly [number, number]; control: number }

export const demoPorts = (http: number): DemoPorts => ({
  http,
  bus: http - 8080 + 1884,
  field: [http - 8080 + 1885, http - 8080 + 1886],
  control: http + 10,
})

/** A secret made at the first start and read again at the next. */
export function keptSecret(dir: string, name: string, fresh = () => randomBytes(18).toString('base64url')): string {
  const file = join(dir, name)
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const secret = fresh()
  writePrivate(file, `${secret}\n`)
  return secret
}

export function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 })
}

/** Writes the hub's and the gateways' configuration. Returns their paths. */
export function writeConfiguration(
  data: string,
  ports: DemoPorts,
  camera: { user: string; password: string },
): { hub: string; gateways: string[] } {
  const dir = join(data, 'demo')
  mkdirSync(dir, { recursive: true })
  const passwords = demoGateways.map((_, n) => keptSecret(dir, `gateway-${n + 1}.password`))

  const hub = join(dir, 'hub.yaml')
  writePrivate(
    hub,
    stringify({
      http: { host: '127.0.0.1', port: ports.http },
      data,
      bus: { mode: 'embedded', host: '127.0.0.1', port: ports.bus },
      history: { kind: 'embedded' },
      policy: {
        target: 0.96,
        provenance: '数字衡阳通报的平均在线率 ≥ 96 %（reported average, not a contract threshold）',
        startupGraceSeconds: 15,
        probeEverySeconds,
      },
      gateways: demoGateways.map((gateway, n) => ({
        ...gateway,
        passwordHash: createHash('sha256').update(passwords[n]!).digest('hex'),
      })),
      demo: { approveProject: 'hengyang-sims', credential: 'sims' },
    }),
  )
  const gateways = demoGateways.map((gateway, n) => {
    const file = join(dir, `gateway-${n + 1}.yaml`)
    writePrivate(
      file,
      stringify({
        id: gateway.id,
        data: join(data, `gateway-${n + 1}`),
        uplink: { url: `mqtt://127.0.0.1:${ports.bus}`, password: passwords[n] },
        field: { host: '127.0.0.1', port: ports.field[n] },
        discovery: {
          interfaces: ['127.0.0.1'],
          multicast: true,
          ranges: gateway.districts.map(addressRange),
          everySeconds: 30,
          allowLoopback: true,
          packetsPerSecond: 1_000,
        },
        credentials: { sims: camera },
        probe: { timeoutMs: 3_000, concurrency: 64 },
      }),
    )
    return file
  })
  return { hub, gateways }
}
