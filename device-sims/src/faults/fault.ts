/** What can go wrong with a simulated device, and which devices an order is for. */
import type { FleetCamera, FleetSensor } from '../fleet/types.ts'

export const faultNames = [
  'power-off',
  'network-cut',
  'clock',
  'password',
  'slow',
  'frozen',
  'babbling',
  'malformed',
] as const
/**
 * - `power-off`: connections are reset, new ones too, UDP is silent, sensors vanish without goodbye.
 * - `network-cut`: nothing is refused and nothing is answered; a connection opens (the kernel's doing) and stays silent.
 * - `clock`: the device's clock is `value` seconds off (negative: behind).
 * - `password`: a camera accepts `value` instead of its password; a sensor offers it to its broker.
 * - `slow`: every answer comes `value` ms late, or a byte at a time (`drip`).
 * - `frozen`: the picture stands still; a sensor repeats its last values.
 * - `babbling`: a sensor reports `value` times as often as it should; a camera speaks when it is asked only.
 * - `malformed`: a sensor prints a value that its probe did not give as `NaN`, and a key that nobody knows; a camera has profiles for that.
 */
export type FaultName = (typeof faultNames)[number]

export type FaultValue = string | number

const matchKeys = ['id', 'kind', 'district', 'carrier', 'pole', 'switch', 'power'] as const
/** Every key given must be equal; an empty match is every device. */
export type Match = Partial<Record<(typeof matchKeys)[number], string>>

export type FaultOrder = {
  match: Match
  fault: FaultName
  /** It ends by itself after so many milliseconds. */
  forMs?: number
  value?: FaultValue
}

export type SimDevice = FleetCamera | FleetSensor

export const isMatched = (device: SimDevice, match: Match): boolean =>
  matchKeys.every((key) => match[key] === undefined || device[key] === match[key])

/** The value that a fault has when the order names none. */
export const defaultValue: Readonly<Record<FaultName, FaultValue | undefined>> = {
  'power-off': undefined,
  'network-cut': undefined,
  clock: 3_600,
  password: 'changed-by-fault',
  slow: 3_000,
  frozen: undefined,
  babbling: 10,
  malformed: undefined,
}
export { matchKeys }
