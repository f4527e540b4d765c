/** The gateway's end of the uplink: batches and their acks, status, inventory, assignment, commands. One bus, one identity. */
import {
  Ack,
  AssignmentMessage,
  type GatewayId,
  type GatewayStatus,
  type HubError,
  InventoryWanted,
  KeyWanted,
  parseOr,
  topic,
} from '@hub/contracts'
import type { Bus, Log, Message, SystemClock } from '@hub/platform'
import type { z } from 'zod'
import type { Commands } from '../commands/commands.ts'
import { readJson } from '../json.ts'
import type { Sealer } from '../seal/sealer.ts'
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
  sealer: Sealer
  commands: Commands
  /** What the status tells of the rest of the gateway. */
  state(): Pick<GatewayStatus, 'assignment' | 'devices' | 'blind' | 'lateMs' | 'discovery'>
  holds(): NonNullable<GatewayStatus['holds']>
  /** A valid message of this gateway, which may say what is held already, or not follow on it. */
  onAssignment(message: AssignmentMessage): void
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
  const { gateway, version, clock, time, log, bus, spool, sealer, commands } = options
  const own = (name: Parameters<typeof topic>[0]) => topic(name, { gateway })
  const send = (name: Parameters<typeof topic>[0], body: unknown) => bus.publish(own(name), JSON.stringify(body))
  const timekeeper = createTimekeeper(clock, time)
  let malformed = 0
  /** Whether the centre at the other end of this connection has sent a delta: one of before refuses a status with `holds`. */
  let knowsDeltas = false

  const sendStatus = (online: boolean) => {
    const status: GatewayStatus = {
      v: 1,
      gateway,
      online,
      at: clock.now(),
      version,
      ...options.state(),
      ...(knowsDeltas && { holds: options.holds() }),
      ...(sealer.isWanted && { key: sealer.key }),
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
    send: (batch) => bus.publish(own('observations'), sealer.seal({ epoch: spool.epoch, ...batch })),
    onExchange: timekeeper.take,
    onCentreBack: inventory.reconcile,
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
  const takeAssignment = take('assignment', AssignmentMessage, (message) => {
    if (message.gateway !== gateway) return
    knowsDeltas ||= message.v === 2
    options.onAssignment(message)
    sendStatus(true)
  })
  const takeWanted = take('inventoryWanted', InventoryWanted, (wanted) => {
    if (wanted.gateway === gateway) inventory.wanted(wanted)
  })
  const takeKeyWanted = take('keyWanted', KeyWanted, (wanted) => {
    if (wanted.gateway !== gateway) return
    sealer.want()
    sendStatus(true)
  })
  const takeCommand = ({ payload }: Message) => {
    commands.run(readJson(payload)).then((reply) => reply && send('replies', reply).catch(() => {}))
  }

  const subscribe = () =>
    Promise.all([
      bus.subscribe(own('acks'), takeAck),
      bus.subscribe(own('assignment'), takeAssignment),
      bus.subscribe(own('inventoryWanted'), takeWanted),
      bus.subscribe(own('keyWanted'), takeKeyWanted),
      bus.subscribe(own('commands'), takeCommand),
    ])

  const onConnection = (up: boolean) => {
    log.info({ connected: up }, up ? 'the uplink is up' : 'the uplink is down')
    delivery.connection(up)
    knowsDeltas = false
    if (!up) return
    sendStatus(true)
    inventory.reconcile()
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
