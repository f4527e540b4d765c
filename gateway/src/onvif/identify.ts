/** What an approved camera is: device information, services, main profile, stream. And its PTZ presets. */
import type { DeviceIdentity, Oddity } from '@hub/contracts'
import { commandsOf } from './commands.ts'
import { OnvifFault } from './fault.ts'
import { profilesRequest, servicesRequest, streamUriRequest } from './media2.ts'
import {
  type DeviceInformation,
  type Preset,
  type Profile,
  type PtzStatus,
  readCapabilities,
  readDeviceInformation,
  readMedia2Path,
  readPresets,
  readProfiles,
  readPtzStatus,
  readSnapshotUri,
  readStreamUri,
  type ServicePaths,
} from './read.ts'
import type { CameraSession } from './session.ts'
import { streamAddress } from './stream-address.ts'

/** Where cameras have their services when GetCapabilities does not say. */
const usual = { media: '/onvif/media_service', ptz: '/onvif/ptz_service' }

/** GetDeviceInformation alone: the cheapest call that needs a login. */
export async function deviceInformation(session: CameraSession): Promise<DeviceInformation> {
  return readDeviceInformation(await commandsOf(session).deviceInformation())
}

/** A fault or an unknown path, as of a part that a camera may lack; a network fault or a refusal is none. */
const isLack = (error: unknown): boolean =>
  error instanceof OnvifFault && (['soap-fault', 'http-status'].includes(error.reason) || isUnreadable(error))
/** There is an answer, and it cannot be read: that is not the same as a part that is not there. */
const isUnreadable = (error: OnvifFault): boolean => ['malformed', 'too-large'].includes(error.reason)

/** A part that a camera may lack. @param unread told what could not be read */
async function optional<T>(part: Promise<T>, unread?: (fault: OnvifFault) => void): Promise<T | undefined> {
  try {
    return await part
  } catch (error) {
    if (!isLack(error)) throw error
    if (isUnreadable(error as OnvifFault)) unread?.(error as OnvifFault)
    return undefined
  }
}

export type Identified = {
  said: Omit<DeviceIdentity, 'device' | 'at'>
  /** Why what it says of its stream could not be read, where there is something. */
  unread: OnvifFault | undefined
}

/** The whole identity, over one connection where the camera allows. Throws an OnvifFault. */
export async function identify(session: CameraSession): Promise<Identified> {
  let unread: OnvifFault | undefined
  const note = (fault: OnvifFault) => {
    unread = fault
  }
  try {
    const commands = commandsOf(session)
    const information = readDeviceInformation(await commands.deviceInformation())
    const paths = await optional(commands.capabilities().then(readCapabilities))
    const media = await optional(findMedia(session, paths), note)
    const main = media && mainOf(media.profiles)
    const streamOf = async (profile: string) => {
      const stated = await media?.streamUri(profile)
      return stated === undefined ? undefined : streamAddress(stated, session.target, paths?.stated)
    }
    const stream = main && (await optional(streamOf(main.token), note))
    const oddities: Oddity[] = [
      ...(session.clockMisstated ? ['clock-misstated' as const] : []),
      ...(paths?.stated && paths.stated.host !== session.target.host ? ['service-host' as const] : []),
      ...(stream?.foreign ? ['stream-host' as const] : []),
    ]
    const said = ownStrings({
      ...information,
      ...(main && describe(main)),
      ...(stream && { streamUri: stream.uri }),
      ptz: paths?.ptz !== undefined && (media?.profiles.some((p) => p.ptz) ?? false),
      ...(oddities.length > 0 && { oddities }),
    })
    return { said, unread }
  } finally {
    session.close()
  }
}

/** The first profile with a picture in it: some makes list one of sound or of metadata before. */
const mainOf = (profiles: readonly Profile[]): Profile | undefined =>
  profiles.find(({ codec, width }) => codec !== undefined || width !== undefined) ?? profiles[0]

type Media = { profiles: Profile[]; streamUri: (profile: string) => Promise<string | undefined> }

/**
 * The profiles of media version 1, which nearly every camera has; of version 2 where there is no version 1, or no profile in it.
 * Throws an OnvifFault when neither answers.
 */
async function findMedia(session: CameraSession, paths: ServicePaths | undefined, until?: number): Promise<Media> {
  // It has told its services, and media version 1 is none of them.
  if (paths && paths.media === undefined) return (await media2(session, until)) ?? media1(session, usual.media, until)
  try {
    const media = await media1(session, paths?.media ?? usual.media, until)
    return media.profiles.length > 0 ? media : ((await media2(session, until)) ?? media)
  } catch (error) {
    const media = isLack(error) ? await media2(session, until) : undefined
    if (!media) throw error
    return media
  }
}

async function media1(session: CameraSession, path: string, until?: number): Promise<Media> {
  const commands = commandsOf(session, until)
  return {
    profiles: readProfiles(await commands.profiles(path)),
    streamUri: (profile) => commands.streamUri(path, profile).then(readStreamUri),
  }
}

/** Undefined when the camera has no version 2. */
async function media2(session: CameraSession, until?: number): Promise<Media | undefined> {
  const ask = async (soap: string, path: string) => (await session.call(soap, path, until)).body
  const path = await optional(ask(servicesRequest, session.path).then(readMedia2Path))
  if (path === undefined) return undefined
  return {
    profiles: readProfiles(await ask(profilesRequest, path)),
    streamUri: (profile) => ask(streamUriRequest(profile), path).then(readStreamUri),
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

/** Where the presets of a camera are: found once, then kept by the caller. */
export type PtzAddress = { path: string; profile: string }

/** @param until instant by which the answer or the error is there. */
export async function findPtz(session: CameraSession, until: number): Promise<PtzAddress> {
  const commands = commandsOf(session, until)
  const paths = await optional(commands.capabilities().then(readCapabilities))
  const { profiles } = await findMedia(session, paths, until)
  const profile = profiles.find((p) => p.ptz)
  if (!profile) throw new OnvifFault('answers', 'soap-fault', 'the camera has no PTZ')
  return { path: paths?.ptz ?? usual.ptz, profile: profile.token }
}

export async function listPresets(session: CameraSession, ptz: PtzAddress, until: number): Promise<Preset[]> {
  return readPresets(await commandsOf(session, until).presets(ptz.path, ptz.profile))
}

export const readStatus = async (session: CameraSession, ptz: PtzAddress, until: number): Promise<PtzStatus> =>
  readPtzStatus(await commandsOf(session, until).ptzStatus(ptz.path, ptz.profile))

/** More is no picture to send along with a message. */
const snapshotBytes = 262_144

/** Path of the snapshot of the main profile. Whatever host the address names, the camera itself is asked. */
export async function findSnapshot(session: CameraSession, until: number): Promise<string> {
  const commands = commandsOf(session, until)
  const paths = await optional(commands.capabilities().then(readCapabilities))
  const { profiles } = await findMedia(session, paths, until)
  // The second is the smaller stream, where there is one.
  const profile = profiles[1] ?? profiles[0]
  const uri = profile && readSnapshotUri(await commands.snapshotUri(paths?.media ?? usual.media, profile.token))
  if (!uri || !URL.canParse(uri)) throw new OnvifFault('answers', 'no-stream', 'the camera names no snapshot')
  const { pathname, search } = new URL(uri)
  return pathname + search
}

export async function takeSnapshot(session: CameraSession, path: string, until: number): Promise<Buffer> {
  const picture = await session.download(path, until)
  if (picture[0] !== 0xff || picture[1] !== 0xd8)
    throw new OnvifFault('answers', 'malformed', 'the snapshot is no JPEG')
  if (picture.length > snapshotBytes)
    throw new OnvifFault('answers', 'too-large', `the snapshot has ${picture.length} bytes, more than ${snapshotBytes}`)
  return picture
}

export async function gotoPreset(
  session: CameraSession,
  ptz: PtzAddress,
  preset: string,
  until: number,
): Promise<void> {
  await commandsOf(session, until).gotoPreset(ptz.path, ptz.profile, preset)
}
