/** The modules on real ports: an embedded broker, the Bus on both sides of it, a Record on disk. Time goes by hand. */
import { type GatewayId, type MessageName, messages, topic } from '@hub/contracts'
import { Backpressure } from '@hub/core'
import {
  type Bus,
  checkConfig,
  connectBus,
  createBroker,
  createManualClock,
  createMetrics,
  type History,
  type Module,
  runModules,
  silentLog,
  type TelemetryPoint,
  type UptimeBucket,
} from '@hub/platform'
import { HubConfig } from '../../../hub/src/config.ts'
import { wireDeps } from '../../../hub/src/deps.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { gateway, otherGateway, seed, t0, tmpFolder } from './rig.ts'

export type Got = { name: MessageName; body: Record<string, unknown> }

export async function runCentre(
  modules: readonly Module<HubConfig>[],
  devices: readonly string[],
  config: object = {},
) {
  const folder = tmpFolder()
  const backpressure = new Backpressure()
  const broker = createBroker<string>({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    authenticate: (user) => user,
    mayPublish: () => true,
    maySubscribe: () => true,
    backpressure,
  })
  await broker.start()
  const connect = (clientId: string): Bus =>
    connectBus({ log: silentLog, clientId, connect: () => broker.attach(clientId), backpressure })
  const bus = connect('centre')
  const field = connect('field')
  const record = await openRecord(`${folder.path}/record.db`)
  seed(record, devices)
  const commit = record.commit
  let hindrance: (() => Promise<void>) | undefined
  record.commit = async (work) => {
    await hindrance?.()
    return commit(work)
  }
  const clock = createManualClock(t0)
  const history = { buckets: [] as UptimeBucket[], points: [] as TelemetryPoint[] }
  const metrics = createMetrics()
  const passwordHash = '0'.repeat(64)
  const wired = wireDeps({
    clock,
    transport: bus,
    record,
    metrics,
    log: silentLog,
    history: {
      writeUptime: async (step: string, rows: UptimeBucket[]) => void (step === '5m' && history.buckets.push(...rows)),
      writeProbes: async () => {},
      writeTelemetry: async (points: TelemetryPoint[]) => void history.points.push(...points),
    } as unknown as History,
    config: checkConfig(HubConfig, {
      gateways: [
        { id: gateway, name: 'one', districts: ['430405', '430406'], passwordHash },
        { id: otherGateway, name: 'other', districts: ['430481'], passwordHash },
      ],
      ...config,
    }),
  })
  await wired.start()
  let running = await runModules(modules, wired.deps)
  await wired.settle()
  const got: Got[] = []
  const listen = (name: MessageName, filter: string) =>
    field.subscribe(
      filter,
      ({ payload }) =>
        void got.push({ name, body: messages[name].parse(JSON.parse(payload.toString())) as Got['body'] }),
    )
  await listen('acks', topic('acks', { gateway }))
  await listen('assignment', topic('assignment', { gateway }))
  await listen('inventoryWanted', topic('inventoryWanted', { gateway }))
  await listen('transitions', topic('transitions', { district: '430405' }))
  await listen('dataLag', topic('dataLag'))
  await listen('notificationRequested', topic('notificationRequested'))
  await listen('events', topic('events', { district: '430405' }))
  return {
    clock,
    record,
    history,
    metrics,
    port: broker.port,
    /** Each commit waits for that first: a slow disk. */
    hinder(by: (() => Promise<void>) | undefined) {
      hindrance = by
    },
    /** A gateway by TCP. */
    connect: (user: GatewayId): Bus =>
      connectBus({
        log: silentLog,
        url: `mqtt://127.0.0.1:${broker.port}`,
        clientId: user,
        user,
        password: user,
      }),
    got,
    of: (name: MessageName) => got.filter((message) => message.name === name).map(({ body }) => body),
    say: (name: MessageName, body: unknown, from = gateway) =>
      field.publish(topic(name, { gateway: from }), Buffer.isBuffer(body) ? body : JSON.stringify(body)),
    changeRegistry: () =>
      record.transaction((trx) =>
        wired.deps.outbox.append(trx, 'registry.changed', {}, { v: 1, at: clock.now(), devices: null, gateways: [] }),
      ),
    deadLetters: () =>
      (record.sqlite.prepare('SELECT reason FROM dead_letter ORDER BY id').all() as { reason: string }[]).map(
        (row) => row.reason,
      ),
    /** The modules end, and are started again after so long. ms */
    async restart(after: number) {
      await running.stop()
      clock.jump(after)
      running = await runModules(modules, wired.deps)
    },
    async stop() {
      await running.stop()
      await wired.stop()
      await field.close()
      await bus.close()
      await broker.stop()
      await record.close()
      folder.remove()
    },
  }
}
export type RunningCentre = Awaited<ReturnType<typeof runCentre>>
