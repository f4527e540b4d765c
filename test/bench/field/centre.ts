/** As much of a centre as a gateway needs: a broker, acknowledgements, one assignment; it hands on what comes. */
import {
  type AssignedCamera,
  Assignment,
  type DeviceIdentity,
  type FoundDevice,
  type GatewayStatus,
  type Inventory,
  type Observation,
  type ObservationBatch,
  topic,
} from '@hub/contracts'
import { connectBus, createBroker, silentLog } from '@hub/platform'

export type Centre = {
  readonly port: number
  /** Called with each look as its batch arrives. */
  onLook: (look: Observation) => void
  onFound: (found: FoundDevice) => void
  onIdentified: (identity: DeviceIdentity) => void
  /** Resolves when a gateway says that it is there. */
  gatewayUp(): Promise<void>
  assign(cameras: readonly AssignedCamera[]): Promise<void>
  stop(): Promise<void>
}

export async function startCentre(gateway: string): Promise<Centre> {
  const broker = createBroker<string>({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    authenticate: (user) => user,
    mayPublish: () => true,
    maySubscribe: () => true,
  })
  await broker.start()
  const bus = connectBus({ connect: () => broker.attach('centre'), clientId: 'centre', log: silentLog })
  let up = Promise.withResolvers<void>()
  let version = 0
  const centre: Centre = {
    port: broker.port,
    onLook: () => {},
    onFound: () => {},
    onIdentified: () => {},
    gatewayUp() {
      up = Promise.withResolvers<void>()
      return up.promise
    },
    async assign(cameras) {
      const assignment = Assignment.parse({ v: 1, gateway, version: ++version, devices: cameras })
      await bus.publish(topic('assignment', { gateway }), JSON.stringify(assignment))
    },
    async stop() {
      await bus.close()
      await broker.stop()
    },
  }
  const read = <T>(payload: Buffer) => JSON.parse(payload.toString()) as T
  await bus.subscribe(topic('status', { gateway }), ({ payload }) => {
    if (read<GatewayStatus>(payload).online) up.resolve()
  })
  await bus.subscribe(topic('observations', { gateway }), async ({ payload }) => {
    const { epoch, seq, observations } = read<ObservationBatch>(payload)
    for (const look of observations) centre.onLook(look)
    await bus.publish(topic('acks', { gateway }), JSON.stringify({ v: 1, gateway, epoch, seq, at: Date.now() }))
  })
  await bus.subscribe(topic('inventory', { gateway }), ({ payload }) => {
    const { found, identified } = read<Inventory>(payload)
    for (const device of found) centre.onFound(device)
    for (const identity of identified) centre.onIdentified(identity)
  })
  return centre
}
