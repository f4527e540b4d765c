/** From a SOAP request to what the camera says: the rule, without sockets. */
import type { Camera, Ports } from './camera.ts'
import { deviceService } from './device-service.ts'
import { mediaService } from './media-service.ts'
import { ptzService } from './ptz-service.ts'
import type { Service } from './service.ts'
import { envelope, faultBody, notAuthorized, readRequest, SoapFault, unsupported } from './soap.ts'
import { refuseToken, type UsernameToken } from './token.ts'

const services: ReadonlyMap<string, Service> = new Map(
  [deviceService, mediaService, ptzService].map((service) => [service.ns, service]),
)

/** Whether this camera has seen this call under this token lately; asking makes it seen. */
export type SeenCall = (camera: Camera, call: string) => boolean

/** HTTP status and envelope. `now` is true time; the camera's own clock follows from its offset. */
export function answerSoap(
  camera: Camera,
  ports: Ports,
  text: string,
  now: number,
  seen: SeenCall,
): { status: number; body: string } {
  try {
    const { body, token } = readRequest(text)
    const service = services.get(body.ns)
    const operation =
      service && Object.hasOwn(service.operations, body.name) ? service.operations[body.name] : undefined
    if (!service || !operation) throw unsupported(body.name)
    const own = now + camera.clockOffsetMs
    if (!operation.open && !isAuthorized(camera, token, own, (digest) => seen(camera, `${body.name} ${digest}`)))
      throw notAuthorized()
    const tag = `${service.prefix}:${body.name}Response`
    return { status: 200, body: envelope(`<${tag}>${operation.answer({ camera, ports, body, now: own })}</${tag}>`) }
  } catch (error) {
    if (error instanceof SoapFault) return { status: error.status, body: envelope(faultBody(error)) }
    throw error
  }
}

function isAuthorized(
  camera: Camera,
  token: UsernameToken | undefined,
  own: number,
  seen: (digest: string) => boolean,
): boolean {
  if (!token) return false
  const { user, password, profile } = camera
  const rule = { user, password, tolerance: profile.toleranceMs, accepts: profile.token }
  return refuseToken(token, rule, own, seen) === undefined
}
