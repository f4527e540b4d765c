/** The production module behind a bus that hands over messages: decode, validate, judge, commit durably, acknowledge. */
import { join } from 'node:path'
import type { Ack } from '@hub/contracts'
import { HubConfig, wireDeps } from '@hub/hub'
import { ingestModule } from '@hub/ingest'
import {
  type Bus,
  checkConfig,
  createMetrics,
  createSystemClock,
  type History,
  type Message,
  type RecordStore,
  runModules,
  silentLog,
} from '@hub/platform'
import { uptimeModule } from '@hub/uptime'
import { openRecord } from '../../../services/hub/src/testing/record.ts'
import { everyMs, type Load, makeLoad } from './load.ts'
import { type Figures, measure, warmUpRounds } from './measure.ts'

export async function ours(folder: string, rounds: number): Promise<Figures> {
  const record = await openRecord(join(folder, 'record.db'))
  const startAt = Math.floor(Date.now() / 3_600_000) * 3_600_000
  const load = makeLoad(warmUpRounds + rounds, startAt)
  // Time of day goes with the load, 30 s a round; timers go by the machine, as in production.
  let now = startAt
  const clock = { ...createSystemClock(), now: () => now }
  register(record, load, startAt)
  const bus = handOver()
  const wired = wireDeps({
    transport: bus,
    record,
    clock,
    log: silentLog,
    metrics: createMetrics(),
    history: discarding,
    config: checkConfig(HubConfig, {}),
  })
  await wired.start()
  const running = await runModules([ingestModule, uptimeModule], wired.deps)
  await wired.settle()
  const send = async (round: Buffer[]) => {
    now += everyMs
    await bus.round(load.gatewayIds, round)
  }
  for (const round of load.rounds.slice(0, warmUpRounds)) await send(round)
  const figures = await measure(rounds * load.devices.length, async () => {
    for (const round of load.rounds.slice(warmUpRounds)) await send(round)
    await running.stop()
  })
  await wired.stop()
  const { n } = record.sqlite.prepare('SELECT sum(count) AS n FROM batch').get() as { n: number }
  if (n !== load.observations) throw new Error(`${n} of ${load.observations} observations are on disk`)
  await record.close()
  return figures
}

/** Sends one batch of each gateway and waits for their acknowledgements. */
export function handOver(): Bus & { round(gateways: string[], batches: Buffer[]): Promise<void> } {
  let handler: (message: Message) => unknown = () => {}
  let awaited = 0
  let done = () => {}
  return {
    connected: true,
    onConnection: () => () => {},
    close: async () => {},
    async subscribe(filter, receive) {
      if (filter.endsWith('/observations')) handler = receive
      return async () => {}
    },
    async publish(topic, payload) {
      if (!topic.endsWith('/acks')) return
      if ((JSON.parse(payload.toString()) as Ack).v === 1 && --awaited === 0) done()
    },
    async round(gateways, batches) {
      awaited = batches.length
      await new Promise<void>((resolve) => {
        done = resolve
        for (const [g, payload] of batches.entries())
          handler({ topic: `hub/v1/gateways/${gateways[g]}/observations`, payload })
      })
    },
  }
}

/** In service from the first round on: a past before it would be rolled up beside what is measured, the more of it the longer that takes. */
export function register(
  record: RecordStore,
  { gatewayIds, devices }: Pick<Load, 'gatewayIds' | 'devices'>,
  inServiceFrom: number,
): void {
  const putGateway = record.sqlite.prepare('INSERT INTO gateway (id, name, districts) VALUES (?, ?, ?)')
  const put = record.sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, in_service_from, updated_at)
     VALUES (?, ?, 'camera', 'safe-city', 'telecom', '3', 'in-service', 'name', 'address', '{}', ?, 0)`,
  )
  record.sqlite.exec('BEGIN')
  for (const [g, id] of gatewayIds.entries()) putGateway.run(id, `gateway ${g}`, JSON.stringify([id.slice(0, 6)]))
  for (const { id, district } of devices) put.run(id, district, inServiceFrom)
  record.sqlite.exec('COMMIT')
}

/** The History is another store and has its own figures. */
export const discarding = {
  writeUptime: async () => {},
  writeProbes: async () => {},
  writeTelemetry: async () => {},
} as unknown as History
