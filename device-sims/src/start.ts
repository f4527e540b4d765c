/** A fleet, running: cameras on their addresses, sensors at their brokers, faults at hand. */
import { type Camera, createCamera, type Ports } from './camera/camera.ts'
import { serveSplitDiscovery } from './camera/discovery-split.ts'
import { createEvents, type Events } from './camera/events/raise.ts'
import { serveHttp } from './camera/http-server.ts'
import { createLeases } from './camera/leases.ts'
import { profileNamed } from './camera/profiles/index.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Control, serveControl } from './control/server.ts'
import { type ActLog, createActLog } from './faults/acts.ts'
import { cameraEffects } from './faults/camera-effects.ts'
import { createFaults, type Faults } from './faults/faults.ts'
import { rebootBySchedule } from './faults/reboots.ts'
import { createTruthLog, type TruthLog } from './faults/truth.ts'
import type { Fleet } from './fleet/types.ts'
import { serveRtsp } from './rtsp/server.ts'
import { type FieldBroker, type Sensors, startSensors } from './sensor/sensors.ts'

export type StartOptions = {
  fleet: Fleet
  /** 0 picks a free one; discovery is then one free port on every address. */
  ports?: Partial<Ports>
  /** Whether Hello, Bye and multicast Probes travel the loopback interface. */
  multicast?: boolean
  /** Where sensors of which districts report; sensors of no broker stay silent. */
  brokers?: readonly FieldBroker[]
  /** Password of each sensor, by code. A sensor without one stays silent. */
  secrets?: Readonly<Record<string, string>>
  sensorPeriodMs?: number
  /** Host and port of the fault control; absent: none. */
  control?: { host: string; port: number }
  clock?: Clock
  /** Clock of faults and of the ground truth; `clock` unless a scenario plays in virtual time. */
  faultClock?: Clock
  /** The ground truth is appended here as well. */
  truthFile?: string
}

export type RunningFleet = {
  ports: Ports
  multicast: boolean
  cameras: readonly Camera[]
  sensors: Sensors
  faults: Faults
  events: Events
  truth: TruthLog
  acts: ActLog
  control: Control | undefined
  /** Cameras say Bye and sensors goodbye. */
  stop(): Promise<void>
}

export const standardPorts: Ports = { http: 8000, https: 8443, rtsp: 8554, discovery: 3702 }

/** Resolves when every camera listens. Rejects when a port is taken; nothing is left open then. */
export async function startFleet(options: StartOptions): Promise<RunningFleet> {
  const closing: (() => Promise<void>)[] = []
  try {
    return await open(options, closing)
  } catch (error) {
    await closeAll(closing)
    throw error
  }
}

const closeAll = (closing: (() => Promise<void>)[]): Promise<unknown> => Promise.all(closing.map((close) => close()))

async function open(options: StartOptions, closing: (() => Promise<void>)[]): Promise<RunningFleet> {
  const { fleet, clock = systemClock, faultClock = clock, multicast = true } = options
  const ports: Ports = { ...standardPorts, ...options.ports }
  const cameras = fleet.cameras.map((spec) => createCamera(spec, profileNamed(spec.profile), fleet.login))
  const leases = createLeases(cameras, (one, other) => discovery.trade(one, other))
  const { byAddress } = leases
  const acts = createActLog(clock.now)
  for (const camera of cameras) camera.acted = acts.acted

  const { http, https } = await serveHttp(byAddress, ports, () => ports, clock)
  closing.push(http.close, ...(https ? [https.close] : []))
  ports.http = http.port
  if (https) ports.https = https.port
  const rtsp = await serveRtsp(byAddress, ports.rtsp, clock)
  closing.push(rtsp.close)
  ports.rtsp = rtsp.port
  const discovery = await serveSplitDiscovery(cameras, ports.discovery, () => ports, clock, multicast)
  closing.push(discovery.close)
  ports.discovery = discovery.port
  const { brokers = [], secrets = {}, sensorPeriodMs } = options
  const sensors = startSensors(fleet.sensors, brokers, secrets, sensorPeriodMs, clock, acts.acted)
  closing.push(sensors.stop)

  const truth = createTruthLog(options.truthFile)
  const onCamera = cameraEffects(cameras, fleet.login, {
    reset(camera) {
      http.reset(camera)
      https?.reset(camera)
      rtsp.reset(camera)
    },
    restarted: leases.restarted,
    hello: discovery.hello,
    changed: discovery.changed,
  })
  const faults = createFaults([...fleet.cameras, ...fleet.sensors], faultClock, truth, {
    begin: (device, fault, value) => (device.kind === 'camera' ? onCamera : sensors).begin(device, fault, value),
    end: (device, fault) => (device.kind === 'camera' ? onCamera : sensors).end(device, fault),
  })
  const events = createEvents(cameras, clock, truth)
  const reboots = rebootBySchedule(cameras, faults, faultClock)
  const control = options.control && (await serveControl(options.control, fleet, faults, events, truth, acts))
  if (control) closing.push(control.close)

  return {
    ports,
    multicast: discovery.multicast,
    cameras,
    sensors,
    faults,
    events,
    truth,
    acts,
    control,
    async stop() {
      reboots.stop()
      faults.stop()
      for (const camera of cameras) if (camera.powered && camera.connected) discovery.bye(camera)
      await closeAll(closing)
    },
  }
}
