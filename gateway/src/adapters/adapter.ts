/**
 * The port of field protocols. A protocol finds or accepts devices, turns what they say into observations, and does what an operator asks
 * of one; after that nobody knows by which protocol anything came. ONVIF asks devices and MQTT sensors connect to us; GB/T 28181 and
 * HJ 212 do both, and fit the same shape.
 */
import type {
  AssignedDevice,
  commandNames,
  DeviceIdentity,
  FoundDevice,
  GatewayStatus,
  Observation,
} from '@hub/contracts'
import type { Clock, Log } from '@hub/platform'
import type { GatewayConfig } from '../config.ts'
import type { LoginBudgets } from '../login/index.ts'
import type { Meters } from '../meters.ts'
import type { AssignmentChange } from './change.ts'

/** What a protocol is given, and where it puts what the field says. */
export type FieldContext = {
  readonly clock: Clock
  readonly log: Log
  random(): number
  /** Checked whole; a protocol reads its own part. `data` is the folder for its files. */
  readonly config: GatewayConfig
  /** Asked before a login is sent to a device, by every protocol. */
  readonly logins: LoginBudgets
  /** Whether the gateway's own network is down: what does not answer then is not known to be down. */
  isBlind(): boolean
  /** Whether the gateway itself was late at some time since then: what took long may have lain here. */
  wasLate(since: number): boolean
  /** Resolves when the observation is on disk. Rejects when it cannot be kept: it is nowhere, and a device that can wait should. */
  emit(observation: Observation): Promise<void>
  /** A device is there that may not be assigned yet. */
  found(device: FoundDevice): void
  /** What an assigned device is. */
  identified(identity: DeviceIdentity): void
}

export type DeviceCommandName = Exclude<(typeof commandNames)[number], 'discover' | 'add-camera'>
/**
 * @param key of an action that is done once; one of its own where the command has none
 * @throws HubError of the table; any other error is answered as `command.failed`.
 */
export type DeviceCommand = (device: string, args: Readonly<Record<string, string>>, key: string) => Promise<unknown>
/** What a protocol can be asked to do at one of its devices. Others are answered as not for this device. */
export type DeviceCommands = Readonly<Partial<Record<DeviceCommandName, DeviceCommand>>>

export type DiscoveryProgress = NonNullable<GatewayStatus['discovery']>

/** A protocol that runs. */
export interface FieldAdapter<Stats extends object = object> {
  /** Opens what devices connect to, and begins to find them. @throws when a port is taken */
  start(): Promise<void>
  /** Devices of its own that are assigned, or otherwise than before, or no longer. What is put as it was is not disturbed. After `start`. */
  apply(change: AssignmentChange): void
  /** Ends every connection and gives up what is under way; what was said by then is emitted. Also when `start` failed or never was. */
  stop(): Promise<void>
  readonly commands: DeviceCommands
  /** For a protocol that searches its network. */
  readonly discovery?: {
    /** Searches once more, or joins the search that is under way. Resolves when the answers are in. */
    now(): Promise<{ found: number }>
    progress(): DiscoveryProgress
    /** Looks at one address that an operator names. @throws HubError command.failed */
    add(xaddr: string): Promise<FoundDevice>
  }
  /** Where devices connect; for a protocol that listens. */
  readonly port?: number
  stats(): Stats
  fillMetrics(meters: Meters): void
}

export type FieldProtocol<Stats extends object = object> = {
  readonly name: string
  /** Whether this protocol speaks with the device. At most one does. */
  serves(device: AssignedDevice): boolean
  /** Opens no port and speaks to no device. @throws HubError config.invalid */
  create(context: FieldContext): FieldAdapter<Stats>
}
