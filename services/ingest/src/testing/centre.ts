/** The modules on real ports: an embedded broker, the Bus on both sides of it, a Record on disk. Time goes by hand. */
import { messages, type TopicName, topic } from '@hub/contracts'
import {
  type Bus,
  checkConfig,
  connectBus,
  createBroker,
  createManualClock,
  createMetrics,
  type Deps,
  type History,
  HubConfig,
  type Module,
  openRecord,
  runModules,
  silentLog,
  type TelemetryPoint,
  type UptimeBucket,
} from '@hub/platform'
import { gateway, otherGateway, seed, t0, tmpFolder } from './rig.ts'

export type Got = { name: TopicName; body: Record<string, unknown> }

export async function runCentre(modules: readonly Module[], devices: readonly string[], config: object = {}) {
  const folder = tmpFolder()
  const broker = createBroker<string>({
    ...{ host: '127.0.0.1', port: 0, log: silentLog },
    authenticate: () => undefined,
    mayPublish: () => true,
    maySubscribe: () => true,
  })
  await broker.start()
  const connect = (clientId: string): Bus =>
    connectBus({ log: silentLog, clientId, connect: () => broker.attach(clientId) })
  const bus = connect('centre')
  const field = connect('field')
  const record = await openRecord(`${folder.path}/record.db`)
  seed(record, devices)
  const clock = createManualClock(t0)
  const history = { buckets: [] as UptimeBucket[], points: [] as TelemetryPoint[] }
  const metrics = createMetrics()
  const passwordHash = '0'.repeat(64)
  const deps: Deps = {
    ...{ clock, bus, record, metrics, log: silentLog },
    history: {
      writeUptime: async (step: string, rows: UptimeBucket[]) => void (step === '5m' && history.buckets.push(...rows)),
      writeProbes: async () => {},
      writeTelemetry: async (points: TelemetryPoint[]) => void history.points.push(...points),
    } as unknown as History,
    // No module of ingest asks it.
    uptime: {} as Deps['uptime'],
    config: checkConfig(HubConfig, {
      gateways: [
        { id: gateway, name: 'one', districts: ['430405', '430406'], passwordHash },
        { id: otherGateway, name: 'other', districts: ['430481'], passwordHash },
      ],
      ...config,
    }),
  }
  const running = await runModules(modules, deps)
  const got: Got[] = []
  const listen = (name: TopicName, filter: string) =>
    field.subscribe(
      filter,
      ({ payload }) =>
        void got.push({ name, body: messages[name].parse(JSON.parse(payload.toString())) as Got['body'] }),
    )
  await listen('acks', topic('acks', { gateway }))
  await listen('assignment', topic('assignment', { gateway }))
  await listen('transitions', topic('transitions', { district: '430405' }))
  await listen('events', topic('events', { district: '430405' }))
  return {
    ...{ clock, record, history, metrics, got },
    of: (name: TopicName) => got.filter((message) => message.name === name).map(({ body }) => body),
    say: (name: TopicName, body: unknown, from = gateway) =>
      field.publish(topic(name, { gateway: from }), Buffer.isBuffer(body) ? body : JSON.stringify(body)),
    changeRegistry: () => field.publish(topic('registry'), JSON.stringify({ v: 1, at: clock.now(), gateways: [] })),
    deadLetters: () =>
      (record.sqlite.prepare('SELECT reason FROM dead_letter ORDER BY id').all() as { reason: string }[]).map(
        (row) => row.reason,
      ),
    async stop() {
      await running.stop()
      await field.close()
      await bus.close()
      await broker.stop()
      await record.close()
      folder.remove()
    },
  }
}
export type RunningCentre = Awaited<ReturnType<typeof runCentre>>
