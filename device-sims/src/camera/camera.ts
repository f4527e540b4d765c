/** One simulated camera: a plain record. Twenty thousand of them must fit, so nothing here owns a timer or a socket. */
import type { Acted } from '../faults/acts.ts'
import type { FleetCamera } from '../fleet/types.ts'
import type { EventState } from './events/state.ts'
import type { Profile } from './profiles/profile.ts'
import type { PtzState } from './ptz.ts'

/** How an answer is held back: whole, or a byte at a time. */
export type Slowness = { delayMs: number } | { dripMs: number }

export type Camera = {
  readonly spec: FleetCamera
  readonly profile: Profile
  /** Where it answers now: its own of the fleet, until it is given another. */
  address: string
  /** What it accepts now. */
  user: string
  password: string
  /** Its own clock minus the true one. */
  clockOffsetMs: number
  powered: boolean
  /** Times that it came back to power. */
  starts: number
  /** False: packets vanish. Nothing is refused and nothing is answered. */
  connected: boolean
  slow: Slowness | undefined
  /** The picture stands still. */
  frozen: boolean
  /** Made at the first PTZ call. */
  ptz?: PtzState
  /** Made when something happens or somebody subscribes. */
  events?: EventState
  /** Hears what it does that somebody asked for. */
  acted?: Acted
  /** Wrong logins in a row, and until when it is locked: only profiles that lock out. */
  wrongLogins: number
  lockedUntil: number
}

/** Ports that every camera of a process listens on, each on its own address. */
export type Ports = { http: number; https: number; rtsp: number; discovery: number }

export const createCamera = (
  spec: FleetCamera,
  profile: Profile,
  login: { user: string; password: string },
): Camera => ({
  spec,
  profile,
  address: spec.ipAddress,
  user: login.user,
  password: login.password,
  clockOffsetMs: profile.clockOffsetMs,
  powered: true,
  starts: 0,
  connected: true,
  slow: profile.delayMs > 0 ? { delayMs: profile.delayMs } : undefined,
  frozen: false,
  wrongLogins: 0,
  lockedUntil: 0,
})

/** Host in the addresses that a camera gives: its own, unless it knows no better. */
export const hostOf = ({ address, profile }: Camera): string => profile.host ?? address

export const endpointOf = ({ spec, profile }: Camera): string => profile.endpoint ?? spec.endpoint

export const serviceUrl = (camera: Camera, ports: Ports, path: string): string =>
  camera.profile.https
    ? `https://${hostOf(camera)}:${ports.https}${path}`
    : `http://${hostOf(camera)}:${ports.http}${path}`

export const hasPtz = ({ spec, profile }: Camera): boolean => spec.ptz && profile.ptz
