/** The processes of a city: what each is started with. */
import { join, resolve } from 'node:path'
import { fieldArguments } from '../../../infra/demo/commission.ts'
import type { CityPlan, Login } from '../../../infra/demo/files.ts'
import { mosquittoFiles } from './mosquitto.ts'

const root = resolve(import.meta.dirname, '../../..')
export const entry = {
  hub: join(root, 'services/hub/src/main.ts'),
  gateway: join(root, 'gateway/src/main.ts'),
  sims: join(root, 'device-sims/src/main.ts'),
}

export type Program = {
  args: string[]
  env?: Record<string, string>
  /** Node when absent. */
  program?: string
}

type Parts = {
  plan: CityPlan
  /** Configuration files. */
  files: { hub: string; gateways: readonly string[] }
  /** For what a program needs beside its configuration. */
  folder: string
  fleet: string
  secrets: string
  onvifPort: number
  rtspPort: number
  controlPort: number
  /** Absent: the bus is in the hub, which is one process. With it the hub is two. */
  broker: { port: number; centre: Login } | undefined
  /** Of the process that has the API. */
  environment: Record<string, string>
}

/** By name, in the order in which they are started. */
export function programsOf(parts: Parts): Record<string, Program> {
  const { plan, files } = parts
  const gateways = files.gateways.map((file, n): [string, Program] => [
    `gateway-${n + 1}`,
    { args: [entry.gateway, '--config', file] },
  ])
  return { ...centreOf(parts), ...Object.fromEntries(gateways), sims: simsOf(parts, plan) }
}

function centreOf({ broker, folder, files, plan, environment }: Parts): Record<string, Program> {
  const hub = (...more: string[]) => [entry.hub, '--config', files.hub, ...more]
  if (!broker) return { hub: { args: hub(), env: environment } }
  const logins = [broker.centre, ...plan.gateways.map(({ id, password }) => ({ user: id, password }))]
  return {
    broker: { program: 'mosquitto', args: mosquittoFiles(folder, broker.port, logins) },
    ingest: { args: hub('--modules=ingest,uptime,gateways,outages,work-orders,notify') },
    api: { args: hub('--modules=api'), env: environment },
  }
}

const simsOf = ({ fleet, secrets, controlPort, onvifPort, rtspPort }: Parts, plan: CityPlan): Program => ({
  args: [
    entry.sims,
    'serve',
    '--fleet',
    fleet,
    '--secrets',
    secrets,
    '--control',
    `127.0.0.1:${controlPort}`,
    '--period',
    `${plan.probeEverySeconds}s`,
    '--no-multicast',
    '--http-port',
    `${onvifPort}`,
    '--rtsp-port',
    `${rtspPort}`,
    ...fieldArguments(plan.gateways),
  ],
})
