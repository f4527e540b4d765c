/** The protocols of a gateway as one: what is assigned, asked and counted goes to the protocol that it concerns. */
import { type AssignedDevice, type FoundDevice, HubError } from '@hub/contracts'
import type { Meters } from '../meters.ts'
import type { DeviceCommands, DiscoveryProgress, FieldAdapter, FieldContext, FieldProtocol } from './adapter.ts'
import type { AssignmentChange } from './change.ts'

export interface Adapters<Stats> {
  /** In the order of the table. @throws when a port is taken: `stop` ends what was started by then. */
  start(): Promise<void>
  /** Each protocol hears of its own devices alone. A device that no protocol serves is logged and left alone. */
  apply(change: AssignmentChange): void
  stop(): Promise<void>
  /** Undefined when the device is not assigned. */
  commandsOf(device: string): DeviceCommands | undefined
  /** Everything that is known of a device at this gateway. @throws HubError device.unknown */
  explain(device: string): Promise<unknown>
  /** Of all protocols that search their network. */
  discover(): Promise<{ found: number }>
  /** One that an operator names by its address. @throws HubError command.failed */
  addCamera(xaddr: string): Promise<FoundDevice>
  /** Undefined when none does. */
  discovery(): DiscoveryProgress | undefined
  /** Where devices of a protocol connect. */
  portOf(protocol: string): number | undefined
  stats(): Stats
  fillMetrics(meters: Meters): void
}

type Running = { name: string; serves(device: AssignedDevice): boolean; adapter: FieldAdapter }
type Part = { put: AssignedDevice[]; drop: string[] }

export function createAdapters<Stats>(protocols: readonly FieldProtocol[], context: FieldContext): Adapters<Stats> {
  const running: Running[] = protocols.map(({ name, serves, create }) => ({ name, serves, adapter: create(context) }))
  /** By which protocol a device is served. */
  const servers = new Map<string, Running>()

  return {
    async start() {
      for (const { adapter } of running) await adapter.start()
    },
    apply({ put, drop }) {
      const parts = new Map<Running, Part>()
      const partOf = (server: Running): Part => {
        const part = parts.get(server) ?? { put: [], drop: [] }
        parts.set(server, part)
        return part
      }
      const leave = (id: string) => {
        const server = servers.get(id)
        if (server) partOf(server).drop.push(id)
        servers.delete(id)
      }
      for (const id of drop) leave(id)
      for (const device of put) {
        const server = running.find(({ serves }) => serves(device))
        if (server !== servers.get(device.id)) leave(device.id)
        if (!server) {
          context.log.warn({ device: device.id, kind: device.kind }, 'no protocol serves an assigned device')
          continue
        }
        partOf(server).put.push(device)
        servers.set(device.id, server)
      }
      for (const [{ adapter }, part] of parts) adapter.apply(part)
    },
    async stop() {
      for (const { adapter } of running.toReversed()) await adapter.stop()
    },
    commandsOf: (device) => servers.get(device)?.adapter.commands,
    async explain(device) {
      const explain = servers.get(device)?.adapter.commands.explain
      if (!explain) throw new HubError('device.unknown', { value: device })
      return explain(device, {}, '')
    },
    async discover() {
      const searches = running.flatMap(({ adapter }) => (adapter.discovery ? [adapter.discovery.now()] : []))
      const found = (await Promise.all(searches)).reduce((sum, each) => sum + each.found, 0)
      return { found }
    },
    async addCamera(xaddr) {
      const search = running.find(({ adapter }) => adapter.discovery)?.adapter.discovery
      if (!search)
        throw new HubError('command.failed', { field: 'add-camera', limit: 'the gateway searches no network' })
      return search.add(xaddr)
    },
    discovery() {
      const all = running.flatMap(({ adapter }) => (adapter.discovery ? [adapter.discovery.progress()] : []))
      return all.length === 0 ? undefined : all.reduce(together)
    },
    portOf: (protocol) => running.find(({ name }) => name === protocol)?.adapter.port,
    // Each has names of its own.
    stats: () => Object.assign({}, ...running.map(({ adapter }) => adapter.stats())) as Stats,
    fillMetrics(meters) {
      for (const { adapter } of running) adapter.fillMetrics(meters)
    },
  }
}

/** Two searches as one: begun with the first, ended with the last. Pure. */
function together(a: DiscoveryProgress, b: DiscoveryProgress): DiscoveryProgress {
  const startedAt = a.startedAt === null || b.startedAt === null ? null : Math.min(a.startedAt, b.startedAt)
  const endedAt = a.endedAt === null || b.endedAt === null ? null : Math.max(a.endedAt, b.endedAt)
  return { asked: a.asked + b.asked, toAsk: a.toAsk + b.toAsk, found: a.found + b.found, startedAt, endedAt }
}
