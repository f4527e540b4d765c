/** What an approved camera is: device information, services, main profile, stream. And its PTZ presets. */
import type { DeviceIdentity } from '@hub/contracts'
import { commandsOf } from './commands.ts'
import { OnvifFault } from './fault.ts'
import {
  type DeviceInformation,
  type Preset,
  type Profile,
  readCapabilities,
  readDeviceInformation,
  readPresets,
  readProfiles,
  readStreamUri,
} from './read.ts'
import type { CameraSession } from './session.ts'

/** Where cameras have their services when GetCapabilities does not say. */
const usual = { media: '/onvif/media_service', ptz: '/onvif/ptz_service' }

/** GetDeviceInformation alone: the cheapest call that needs a login. */
export async function deviceInformation(session: CameraSession): Promise<DeviceInformation> {
  return readDeviceInformation(await commandsOf(session).deviceInformation())
}

/** A part that a camera may lack: a fault or an unknown path leaves it out, a network fault or a refusal does not. */
async function optional<T>(part: Promise<T>): Promise<T | undefined> {
  try {
    return await part
  } catch (error) {
    if (error instanceof OnvifFault && ['soap-fault', 'http-status', 'malformed'].includes(error.reason))
      return undefined
    throw error
  }
}

/** The whole identity, over one connection where the camera allows. Throws an OnvifFault. */
export async function identify(session: CameraSession): Promise<Omit<DeviceIdentity, 'device' | 'at'>> {
  try {
    const commands = commandsOf(session)
    const information = readDeviceInformation(await commands.deviceInformation())
    const paths = await optional(commands.capabilities().then(readCapabilities))
    const mediaPath = paths?.media ?? usual.media
    const profiles = (await optional(commands.profiles(mediaPath).then(readProfiles))) ?? []
    const main = profiles[0]
    const streamUri = main && (await optional(commands.streamUri(mediaPath, main.token).then(readStreamUri)))
    return ownStrings({
      ...information,
      ...(main && describe(main)),
      ...(streamUri !== undefined && { streamUri }),
      ptz: paths?.ptz !== undefined && profiles.some((p) => p.ptz),
    })
  } finally {
    session.close()
  }
}

/** Kept for as long as the camera is assigned: a slice of an answer would keep the whole answer in memory. */
const ownStrings = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

function describe({ token, name, codec, width, height, fps }: Profile): Partial<DeviceIdentity> {
  return {
    profile: (name ?? token).slice(0, 128),
    ...(codec !== undefined && { codec }),
    ...(width !== undefined && { width: Math.round(width) }),
    ...(height !== undefined && { height: Math.round(height) }),
    ...(fps !== undefined && { fps }),
  }
}

/** Where the presets of a camera are: learned once, then kept by the caller. */
export type PtzAddress = { path: string; profile: string }

/** @param until instant by which the answer or the error is there. */
export async function findPtz(session: CameraSession, until: number): Promise<PtzAddress> {
  const commands = commandsOf(session, until)
  const paths = await optional(commands.capabilities().then(readCapabilities))
  const profiles = readProfiles(await commands.profiles(paths?.media ?? usual.media))
  const profile = profiles.find((p) => p.ptz)
  if (!profile) throw new OnvifFault('answers', 'soap-fault', 'the camera has no PTZ')
  return { path: paths?.ptz ?? usual.ptz, profile: profile.token }
}

export async function listPresets(session: CameraSession, ptz: PtzAddress, until: number): Promise<Preset[]> {
  return readPresets(await commandsOf(session, until).presets(ptz.path, ptz.profile))
}

export async function gotoPreset(
  session: CameraSession,
  ptz: PtzAddress,
  preset: string,
  until: number,
): Promise<void> {
  await commandsOf(session, until).gotoPreset(ptz.path, ptz.profile, preset)
}
