/**
 * node-onvif's command vocabulary over our transport.
 *
 * node-onvif's service modules build the requests; each hands them to `requestCommand` of one module, `soap.js`, which is
 * a singleton. Its transport has no whole-call deadline, no byte cap, no TLS, no HTTP Digest, and keeps a login in plain
 * properties, so that one function is replaced here, in this one place, for the whole process. The address object that a
 * service owns is the key to the session it speaks for: node-onvif never sees a user or a password, and an address that
 * has no session is refused, so that nothing can reach a camera beside our transport.
 */
import device from 'node-onvif/lib/modules/service-device.js'
import media from 'node-onvif/lib/modules/service-media.js'
import ptz from 'node-onvif/lib/modules/service-ptz.js'
import soap from 'node-onvif/lib/modules/soap.js'
import { malformed, OnvifFault } from './fault.ts'
import type { CameraSession } from './session.ts'
import { child, escapeXml, type XmlElement } from './xml.ts'

type Route = { session: CameraSession; path: string; until: number | undefined }
const routes = new WeakMap<object, Route>()

/** What a command resolves to: node-onvif's own fields, and the body as our reader's tree. */
type Reply = { soap: string; formatted: string; converted: unknown; data: unknown; body: XmlElement }

soap.requestCommand = async (address, method, request): Promise<Reply> => {
  const route = routes.get(address)
  if (!route) throw new OnvifFault('reachable', 'unreachable', `${method}: the address belongs to no session`)
  const { envelope, body, text } = await route.session.call(request, route.path, route.until)
  if (!child(body, `${method}Response`))
    throw malformed(`${method}: the answer is ${body.children[0]?.name.slice(0, 64) ?? 'empty'}`)
  return {
    soap: text,
    formatted: '',
    get converted() {
      return toObject(envelope)
    },
    get data() {
      return toObject(body)
    },
    body,
  }
}

/** The shape that node-onvif's callers know: text, or `{ $: attributes, _: text, child: value or values }`. */
export function toObject(element: XmlElement): unknown {
  if (element.attributes === null && element.children.length === 0) return element.text
  const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  if (element.attributes) object.$ = element.attributes
  if (element.text.trim()) object._ = element.text
  for (const { name, value } of element.children.map((c) => ({ name: c.name, value: toObject(c) }))) {
    const before = object[name]
    if (before === undefined) object[name] = value
    else if (Array.isArray(before)) before.push(value)
    else object[name] = [before, value]
  }
  return object
}

const bodyOf = (reply: unknown): XmlElement => (reply as Reply).body

/** Commands of one camera. @param until instant by which each must end; the session's deadline when absent. */
export function commandsOf(session: CameraSession, until?: number) {
  const bind = <S extends { oxaddr: object }>(Service: new (params: { xaddr: string }) => S, path: string): S => {
    // The address is only a key: the session knows where to send.
    const service = new Service({ xaddr: 'http://camera.invalid/' })
    routes.set(service.oxaddr, { session, path, until })
    return service
  }
  const onDevice = () => bind(device, session.path)
  return {
    deviceInformation: async () => bodyOf(await onDevice().getDeviceInformation()),
    capabilities: async () => bodyOf(await onDevice().getCapabilities()),
    profiles: async (path: string) => bodyOf(await bind(media, path).getProfiles()),
    streamUri: async (path: string, profile: string) =>
      bodyOf(await bind(media, path).getStreamUri({ ProfileToken: escapeXml(profile), Protocol: 'RTSP' })),
    snapshotUri: async (path: string, profile: string) =>
      bodyOf(await bind(media, path).getSnapshotUri({ ProfileToken: escapeXml(profile) })),
    ptzStatus: async (path: string, profile: string) =>
      bodyOf(await bind(ptz, path).getStatus({ ProfileToken: escapeXml(profile) })),
    presets: async (path: string, profile: string) =>
      bodyOf(await bind(ptz, path).getPresets({ ProfileToken: escapeXml(profile) })),
    gotoPreset: async (path: string, profile: string, preset: string) =>
      void (await bind(ptz, path).gotoPreset({ ProfileToken: escapeXml(profile), PresetToken: escapeXml(preset) })),
  }
}
