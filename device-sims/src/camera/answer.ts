/** From a SOAP request to what the camera says: the rule, without sockets. */
import type { Camera, Ports } from './camera.ts'
import { encodeGb2312 } from './charset.ts'
import { deviceService } from './device-service.ts'
import { eventService, subscriptionManager } from './events/service.ts'
import type { HttpAnswer } from './http-wire.ts'
import { admit, challengeUnlessAuthorised, checkToken } from './login.ts'
import { mediaService } from './media-service.ts'
import { media2Service } from './media2-service.ts'
import { ptzService } from './ptz-service.ts'
import type { Operation, Service, Wait } from './service.ts'
import {
  envelope,
  faultBody,
  notAuthorized,
  notRecognized,
  readRequest,
  SoapFault,
  type SoapRequest,
  unsupported,
} from './soap.ts'

const services = [deviceService, mediaService, media2Service, ptzService, eventService, subscriptionManager]

/** Whether this camera has seen this call under this token lately; asking makes it seen. */
export type SeenCall = (camera: Camera, call: string) => boolean

/** The HTTP request around a call. */
export type SoapCall = {
  text: string
  authorization: string | undefined
  target?: string
  contentType?: string | undefined
}

/** `later`: the answer is not ready; when it is, it is what `answer` says then. */
export type SoapAnswer = HttpAnswer & { later?: Wait & { answer(now: number): HttpAnswer } }

const badRequest: HttpAnswer = { status: 400, type: 'text/html', body: '<html><body>400 Bad Request</body></html>' }

/** `now` is true time; the camera's own clock follows from its offset. */
export function answerSoap(camera: Camera, ports: Ports, call: SoapCall, now: number, seen: SeenCall): SoapAnswer {
  if (camera.profile.needsAction && !/;\s*action="[^"]+"/.test(call.contentType ?? '')) return { status: 200, body: '' }
  return orFault(camera, () => {
    const request = readRequest(call.text)
    const found = find(camera, request)
    if (!found) {
      if (camera.profile.unknownCall === 'bad-request') return badRequest
      throw camera.profile.unknownCall === 'gsoap' ? notRecognized(request.body.name) : unsupported(request.body.name)
    }
    const { service, operation } = found
    const open = operation.open && !(camera.profile.timeNeedsLogin && request.body.name === 'GetSystemDateAndTime')
    const refusal = open ? undefined : refuse(camera, request, call, now, seen)
    if (refusal) return refusal
    const tag = `${service.prefix}:${request.body.name}Response`
    const { target = '' } = call
    const answer = (at: number): HttpAnswer =>
      orFault(camera, () => {
        const inner = operation.answer({ camera, ports, body: request.body, target, now: at + camera.clockOffsetMs })
        return dress(camera, 200, `<${tag}${service.declares ?? ''}>${inner}</${tag}>`)
      })
    const wait = operation.wait?.({ camera, ports, body: request.body, target, now: now + camera.clockOffsetMs })
    return wait ? { status: 200, body: '', later: { ...wait, answer } } : answer(now)
  })
}

function orFault<T>(camera: Camera, work: () => T): T | HttpAnswer {
  try {
    return work()
  } catch (error) {
    if (error instanceof SoapFault) return dress(camera, error.status, faultBody(error))
    throw error
  }
}

function find({ profile }: Camera, { body }: SoapRequest): { service: Service; operation: Operation } | undefined {
  const service = services.find((s) => s.ns === body.ns)
  const dropped = profile.media2 ? mediaService : media2Service
  if (!service || service === dropped || !Object.hasOwn(service.operations, body.name)) return undefined
  return { service, operation: service.operations[body.name]! }
}

/** What a call without the right credentials gets: a fault, or a challenge from cameras that want HTTP Digest. */
function refuse(
  camera: Camera,
  { body, token }: SoapRequest,
  { authorization }: SoapCall,
  now: number,
  seen: SeenCall,
): HttpAnswer | undefined {
  const { http } = camera.profile
  if (http) {
    const wanted = challengeUnlessAuthorised(camera, { method: 'POST', authorization }, now, http)
    return wanted === undefined ? undefined : { status: 401, headers: [`WWW-Authenticate: ${wanted}`], body: '' }
  }
  const own = now + camera.clockOffsetMs
  const verdict = checkToken(camera, token, own, (digest) => seen(camera, `${body.name} ${digest}`))
  if (!admit(camera, verdict, now)) throw notAuthorized()
  return undefined
}

/** The envelope in the make's own prefixes and charset. */
function dress({ profile: { prefixes, charset } }: Camera, status: number, body: string): HttpAnswer {
  let text = envelope(body)
  for (const [usual, odd] of Object.entries(prefixes))
    text = text
      .replaceAll(`<${usual}:`, `<${odd}:`)
      .replaceAll(`</${usual}:`, `</${odd}:`)
      .replaceAll(`xmlns:${usual}=`, `xmlns:${odd}=`)
      .replaceAll(`>${usual}:`, `>${odd}:`)
  const declared = charset === 'UTF-8' ? charset : 'GB2312'
  const type = `application/soap+xml; charset=${declared.toLowerCase()}`
  if (charset === 'UTF-8') return { status, type, body: text }
  if (charset === 'marked')
    return { status, type, body: `\uFEFF${text.replace('encoding="UTF-8"', 'encoding="GB2312"')}` }
  return { status, type, body: encodeGb2312(text.replace('encoding="UTF-8"', `encoding="${charset}"`)) }
}
