/** The gateway's end of the uplink: batches and their acks, status, inventory, assignment, commands. One bus, one identity. */
import { Ack, Assignment, type GatewayId, type GatewayStatus, type HubError, parseOr, topic } from '@hub/contracts'
import type { Bus, Log, Message, SystemClock } from '@hub/platform'
import type { z } from 'zod'
import type { Commands } from '../commands/commands.ts'
import { readJson } from '../json.ts'
import type { Spool } from '../spool/spool.ts'
import { createDelivery, type DeliveryStats } from './delivery.ts'
import { createInventoryReport, type InventoryReport } from './inventory.ts'
import { createTimekeeper, type TimeSource } from './timekeeper.ts'

const statusEveryMs = 5_000
const farewellMs = 2_000

export type UplinkOptions = {
  gateway: GatewayId
  version: string
  clock: SystemClock
  time: TimeSource
  random(): number
  log: Log
  bus: Bus
  spool: Spool
  commands: Commands
  /** What the status tells of the rest of the gateway. */
  state(): Pick<GatewayStatus, 'assignment' | 'devices' | 'blind' | 'discovery'>
  /** A valid assignment of this gateway, which may be the one in force. */
  onAssignment(assignment: Assignment): void
}

export type UplinkStats = DeliveryStats & { malformed: number; inventoryRefused: number; clockOffsetMs: number | null }

export interface Uplink extends Pick<InventoryReport, 'found' | 'identified'> {
  /** Resolves at once: a gateway without its centre works on. */
  start(): void
  stats(): UplinkStats
  stop(): Promise<void>
}

/** The status that the broker publishes when this gateway is gone: the will. `at` is when it connected. */
export const offlineStatus = (gateway: GatewayId, at: number, version: string): GatewayStatus => ({
  v: 1,
  gateway,
  online: false,
  at,
  version,
  assignment: 0,
  devices: 0,
  spooled: 0,
  clockOffsetMs: null,
  blind: false,
})

export function createUplink(options: UplinkOptions): Uplink {
  const { gateway, version, clock, time, log, bus, spool, commands } = options
  const own = (name: Parameters<typeof topic>[0]) => topic(name, { gateway })
  const send = (name: Parameters<typeof topic>[0], body: unknown) => bus.publish(own(name), JSON.stringify(body))
  const timekeeper = createTimekeeper(clock, time)
  let malformed = 0

  const sendStatus = (online: boolean) => {
    const status: GatewayStatus = {
      ...{ v: 1, gateway, online, at: clock.now(), version },
      ...options.state(),
      spooled: spool.stats().batches,
      clockOffsetMs: timekeeper.offsetMs(),
    }
    return bus.connected ? send('status', status).catch(() => {}) : Promise.resolve()
  }

  const inventory = createInventoryReport({
    gateway,
    clock,
    send: async (message) => (bus.connected ? send('inventory', message) : undefined),
  })
  const delivery = createDelivery({
    clock,
    monotonic: time.monotonic,
    spool,
    random: options.random,
    send: (payload) => bus.publish(own('observations'), Buffer.from(payload)),
    onExchange: timekeeper.take,
    onCentreBack: inventory.repeat,
  })

  /** A handler of one message type: what does not fit is counted and logged by field, value and limit, and nothing else is lost. */
  const take =
    <T>(what: string, schema: z.ZodType<T>, handle: (body: T) => void) =>
    ({ payload }: Message) => {
      try {
        handle(parseOr(schema, readJson(payload), 'payload.invalid', { value: what }))
      } catch (error) {
        malformed += 1
        log.warn({ what, reason: (error as HubError).message }, 'a message from the centre was not understood')
      }
    }

  const takeAck = take('ack', Ack, (ack) => {
    if (ack.gateway === gateway) delivery.acknowledge(ack)
  })
  const takeAssignment = take('assignment', Assignment, (assignment) => {
    if (assignment.gateway !== gateway) return
    options.onAssignment(assignment)
    sendStatus(true)
  })
  const takeCommand = ({ payload }: Message) => {
    commands.run(readJson(payload)).then((reply) => reply && send('replies', reply).catch(() => {}))
  }

  const subscribe = () =>
    Promise.all([
      bus.subscribe(own('acks'), takeAck),
      bus.subscribe(own('assignment'), takeAssignment),
      bus.subscribe(own('commands'), takeCommand),
    ])

  const onConnection = (up: boolean) => {
    log.info({ connected: up }, up ? 'the uplink is up' : 'the uplink is down')
    delivery.connection(up)
    if (!up) return
    sendStatus(true)
    inventory.repeat()
  }

  const undo: (() => void)[] = []
  return {
    found: inventory.found,
    identified: inventory.identified,
    start() {
      undo.push(bus.onConnection(onConnection))
      undo.push(clock.every(statusEveryMs, () => void sendStatus(true)))
      subscribe().catch((err: unknown) => log.error({ err }, 'the uplink cannot subscribe'))
      // At each later connection the bus subscribes before it says so.
      if (bus.connected) onConnection(true)
    },
    stats: () => ({
      ...delivery.stats(),
      malformed,
      inventoryRefused: inventory.refused(),
      clockOffsetMs: timekeeper.offsetMs(),
    }),
    async stop() {
      for (const each of undo) each()
      delivery.stop()
      inventory.stop()
      // Half-open connections answer nothing: the will says the same a little later.
      await Promise.race([sendStatus(false), new Promise<void>((resolve) => clock.after(farewellMs, resolve))])
    },
  }
}
