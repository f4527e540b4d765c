/** One call of a subscription over a camera's session: what it says, or how it failed. */

import { OnvifFault } from '../onvif/fault.ts'
import type { CameraSession } from '../onvif/session.ts'
import {
  createRequest,
  locateRequest,
  pullRequest,
  readLasting,
  readPullPoint,
  readServicePath,
  renewRequest,
  syncRequest,
  unsubscribeRequest,
} from './calls.ts'
import { type Notification, readPulled } from './notification.ts'
import type { Answer, Call, Input, Policy } from './subscription.ts'

/** What a pull brought, beside the answer that the state machine reads. */
export type Brought = { notifications: readonly Notification[]; odd: number }
type Said = { answer: Answer; brought?: Brought }

/**
 * Over a connection of its own: a subscription makes a call a minute, and on a kept connection that the camera has closed
 * meanwhile a lost answer could not be told from one that was never begun.
 * @throws OnvifFault
 */
export async function ask(
  session: CameraSession,
  call: Call,
  { lastsMs, callMs }: Pick<Policy, 'lastsMs' | 'callMs'>,
  now: number,
): Promise<Said> {
  const until = now + callMs + (call.name === 'pull' ? call.waitMs : 0)
  const send = (soap: string, path: string) => session.call(soap, path, until)
  switch (call.name) {
    case 'locate':
      return { answer: { name: 'locate', path: readServicePath((await send(locateRequest, session.path)).body) } }
    case 'create': {
      const { body, text } = await send(createRequest(lastsMs, call.filtered), call.path)
      const [response] = body.children
      if (response?.name !== 'CreatePullPointSubscriptionResponse')
        throw new OnvifFault('answers', 'malformed', 'the answer holds no subscription')
      return {
        answer: { name: 'create', point: readPullPoint(body, text, call.path), lasts: readLasting(response) },
      }
    }
    case 'renew': {
      const { body } = await send(renewRequest(call.to, lastsMs), call.to.path)
      return { answer: { name: 'renew', lasts: readLasting(body.children[0]) } }
    }
    case 'pull': {
      const { body } = await send(pullRequest(call.to, call.waitMs), call.to.path)
      const [response] = body.children
      if (response?.name !== 'PullMessagesResponse')
        throw new OnvifFault('answers', 'malformed', 'the answer is not one to PullMessages')
      const { notifications, messages, odd } = readPulled(body)
      return {
        answer: { name: 'pull', lasts: readLasting(response), messages, missed: false },
        brought: { notifications, odd },
      }
    }
    case 'sync':
      await send(syncRequest(call.to), call.to.path)
      return { answer: { name: 'sync' } }
    case 'unsubscribe':
      await send(unsubscribeRequest(call.to), call.to.path)
      return { answer: { name: 'unsubscribe' } }
  }
}

export const faultInput = ({ reason, message }: OnvifFault): Extract<Input, { kind: 'fault' }> => ({
  kind: 'fault',
  reason,
  unsupported:
    reason === 'soap-fault' && /NotSupported|UnknownAction|method name or namespace not recognized/i.test(message),
  // A camera's web server is up before its services are (RFC 9110 15.6.3 to 15.6.5).
  unready: reason === 'http-status' && /^HTTP 50[234]\b/.test(message),
})
