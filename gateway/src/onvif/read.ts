/** What is read out of ONVIF answers: clock, device information, capabilities, profiles, stream, presets. Pure. */
import { malformed } from './fault.ts'
import { envelope } from './soap.ts'
import { bareHost } from './stream-address.ts'
import { at, child, textAt, type XmlElement } from './xml.ts'

/** ONVIF Core 8.3.5. */
export const clockRequest = envelope('<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>')

const number = (element: XmlElement | undefined, name: string): number => {
  const text = textAt(element, name)
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
}

type Fields = { year: number; month: number; day: number; hour: number; minute: number; second: number }

/** A camera states whole seconds and is on average half a second further, which is added. NaN when there is no such time. */
function instantOf({ year, month, day, hour, minute, second }: Fields): number {
  // `Date` takes years of two digits for ones of the last century, and counts days that a month lacks into the next.
  if (!(year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month))) return Number.NaN
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN
  return Date.UTC(year, month - 1, day, hour, minute, second) + 500
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
const daysOf = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : monthDays[month - 1]!)

/** UTC milliseconds of the camera's clock; null when it states no UTC time, or one that cannot be: then it is not known, and no more. */
export function readClock(body: XmlElement): number | null {
  const answer = child(body, 'GetSystemDateAndTimeResponse')
  if (!answer)
    throw malformed(`the answer is ${body.children[0]?.name.slice(0, 64) ?? 'empty'}, not GetSystemDateAndTimeResponse`)
  const utc = at(answer, 'SystemDateAndTime', 'UTCDateTime')
  const date = child(utc, 'Date')
  const time = child(utc, 'Time')
  if (!date || !time) return null
  const [year, month, day] = [number(date, 'Year'), number(date, 'Month'), number(date, 'Day')]
  const [hour, minute, second] = [number(time, 'Hour'), number(time, 'Minute'), number(time, 'Second')]
  const instant = instantOf({ year, month, day, hour, minute, second })
  return Number.isNaN(instant) ? null : instant
}

/**
 * The same as `readClock`, read from the bytes of a whole HTTP answer without building a tree: a health probe is made hundreds of times a
 * second and this is its one field. Undefined for everything that is not the plain success, which the full readers then judge.
 */
export function readClockFast(bytes: Buffer): number | undefined {
  // Every encoding that cameras use has ASCII in its ASCII places.
  const text = bytes.toString('latin1')
  if (!text.startsWith('HTTP/1.') || !text.startsWith(' 200', 8)) return undefined
  // Its last element stands, so it is whole. No comment, no CDATA, no DOCTYPE.
  if (!text.endsWith('Envelope>', text.lastIndexOf('>') + 1) || text.includes('!')) return undefined
  const start = text.indexOf(utcDateTime)
  const end = text.indexOf(utcDateTime, start + utcDateTime.length)
  if (start < 0 || end < 0 || !text.includes('GetSystemDateAndTimeResponse>', end)) return undefined
  return instantAt(text, start, end)
}

const utcDateTime = 'UTCDateTime>'
/** In the order of the schema. */
const parts = ['Hour>', 'Minute>', 'Second>', 'Year>', 'Month>', 'Day>']
const [lessThan, colon, zero, nine] = [0x3c, 0x3a, 0x30, 0x39]

/** @param start, end of the element's name in its two tags. */
function instantAt(text: string, start: number, end: number): number | undefined {
  const numbers: number[] = []
  let at = start
  for (const part of parts) {
    at = text.indexOf(part, at)
    if (at < 0 || at > end) return undefined
    const before = text.charCodeAt(at - 1)
    // Of a start tag, `<` or a prefix and `:` before it.
    if (before !== lessThan && before !== colon) return undefined
    at += part.length
    let value = 0
    const first = at
    for (let code = text.charCodeAt(at); code !== lessThan; code = text.charCodeAt(++at)) {
      if (!(code >= zero && code <= nine) || at - first > 3) return undefined
      value = 10 * value + code - zero
    }
    if (at === first) return undefined
    numbers.push(value)
  }
  const [hour, minute, second, year, month, day] = numbers as [number, number, number, number, number, number]
  const instant = instantOf({ year, month, day, hour, minute, second })
  return Number.isNaN(instant) ? undefined : instant
}

export type DeviceInformation = { manufacturer?: string; model?: string; firmware?: string; serial?: string }

const short = (text: string | undefined, max = 128) => text?.slice(0, max)
/** Drops what is undefined, so that a record holds only what the camera said. */
const said = <T extends Record<string, unknown>>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

export function readDeviceInformation(body: XmlElement): DeviceInformation {
  const answer = child(body, 'GetDeviceInformationResponse')
  return said({
    manufacturer: short(textAt(answer, 'Manufacturer')),
    model: short(textAt(answer, 'Model')),
    firmware: short(textAt(answer, 'FirmwareVersion')),
    serial: short(textAt(answer, 'SerialNumber')),
  })
}

/** Paths of the services, from GetCapabilities. Neither the host nor the port that the camera states is believed: `stated` is for comparison. */
export type ServicePaths = { media?: string; ptz?: string; stated?: { host: string; port: number } }

export function readCapabilities(body: XmlElement): ServicePaths {
  const capabilities = at(body, 'GetCapabilitiesResponse', 'Capabilities')
  return said({
    media: pathOf(textAt(capabilities, 'Media', 'XAddr')),
    ptz: pathOf(textAt(capabilities, 'PTZ', 'XAddr')),
    stated: hostAndPort(textAt(capabilities, 'Device', 'XAddr') ?? textAt(capabilities, 'Media', 'XAddr')),
  })
}

function hostAndPort(xaddr: string | undefined): ServicePaths['stated'] {
  if (!xaddr || !URL.canParse(xaddr)) return undefined
  const { protocol, hostname, port } = new URL(xaddr)
  return { host: bareHost(hostname), port: Number(port) || (protocol === 'https:' ? 443 : 80) }
}

const media2Namespace = 'http://www.onvif.org/ver20/media/wsdl'

/** Path of media version 2, from GetServices: GetCapabilities has no place for it. */
export function readMedia2Path(body: XmlElement): string | undefined {
  const services = child(body, 'GetServicesResponse')?.children ?? []
  return pathOf(
    textAt(
      services.find((service) => textAt(service, 'Namespace') === media2Namespace),
      'XAddr',
    ),
  )
}

/** Path and query of a service address, which may be all that is stated. */
function pathOf(xaddr: string | undefined): string | undefined {
  if (!xaddr || !URL.canParse(xaddr, 'http://camera.invalid')) return undefined
  const { pathname, search } = new URL(xaddr, 'http://camera.invalid')
  return pathname.startsWith('/') ? pathname + search : undefined
}

export type Profile = {
  token: string
  name?: string
  codec?: string
  width?: number
  height?: number
  fps?: number
  ptz: boolean
}

const positive = (text: string | undefined, max: number): number | undefined => {
  const value = Number(text)
  return text !== undefined && Number.isFinite(value) && value >= 0 && value <= max ? value : undefined
}

/** In the camera's order: the first is the main stream. Media version 2 names the configurations shorter and puts them one deeper. */
export function readProfiles(body: XmlElement): Profile[] {
  const answer = child(body, 'GetProfilesResponse')
  return (answer?.children ?? [])
    .filter((p) => p.name === 'Profiles' && p.attributes?.token !== undefined)
    .map((p) => {
      const encoder = child(p, 'VideoEncoderConfiguration') ?? at(p, 'Configurations', 'VideoEncoder')
      return {
        token: p.attributes!.token!,
        ptz: (child(p, 'PTZConfiguration') ?? at(p, 'Configurations', 'PTZ')) !== undefined,
        ...said({
          name: short(textAt(p, 'Name')),
          // Version 1 has no word for H.265: Hikvision's firmware says H264 and the truth in an attribute.
          codec: short(encoder?.attributes?.encoding || textAt(encoder, 'Encoding'), 32),
          width: positive(textAt(encoder, 'Resolution', 'Width'), 65_535),
          height: positive(textAt(encoder, 'Resolution', 'Height'), 65_535),
          fps: positive(textAt(encoder, 'RateControl', 'FrameRateLimit'), 1_000),
        }),
      }
    })
}

/** The stream's address as stated; undefined when there is none. Media version 2 has it without MediaUri, and some cameras of version 1 too. */
export function readStreamUri(body: XmlElement): string | undefined {
  const answer = child(body, 'GetStreamUriResponse')
  return textAt(answer, 'MediaUri', 'Uri') ?? textAt(answer, 'Uri')
}

/** The snapshot's address as stated. */
export const readSnapshotUri = (body: XmlElement): string | undefined =>
  textAt(child(body, 'GetSnapshotUriResponse'), 'MediaUri', 'Uri')

export type PtzStatus = { moving: boolean | null }

/** Neither axis moves: it has arrived. MoveStatus is optional (PTZ 5.2.4), and UNKNOWN says nothing. */
export function readPtzStatus(body: XmlElement): PtzStatus {
  const status = at(child(body, 'GetStatusResponse'), 'PTZStatus', 'MoveStatus')
  const axes = ['PanTilt', 'Zoom']
    .map((axis) => textAt(status, axis))
    .filter((said) => said === 'IDLE' || said === 'MOVING')
  return { moving: axes.length === 0 ? null : axes.includes('MOVING') }
}

export type Preset = { token: string; name: string }

export function readPresets(body: XmlElement): Preset[] {
  const answer = child(body, 'GetPresetsResponse')
  return (answer?.children ?? [])
    .filter((p) => p.name === 'Preset' && p.attributes?.token !== undefined)
    .slice(0, 500)
    .map((p) => ({ token: p.attributes!.token!.slice(0, 128), name: short(textAt(p, 'Name')) ?? '' }))
}
