/** ONVIF events (ver10/events/wsdl) by pull point, and the subscription manager of WS-BaseNotification behind it. */
import { serviceUrl } from '../camera.ts'
import { ns } from '../namespaces.ts'
import type { Call, Operation, Service } from '../service.ts'
import { invalidArgument, SoapFault } from '../soap.ts'
import { child, textAt } from '../xml.ts'
import { notification, topicSet } from './message.ts'
import { type EventState, mostPoints, noEvents, type Point, synchronize } from './state.ts'

const declares =
  ` xmlns:tev="${ns.events}" xmlns:wsnt="${ns.notification}" xmlns:wsa5="${ns.addressing2005}" xmlns:tns1="${ns.topics}"` +
  ` xmlns:wstop="${ns.topicSet}" xmlns:xs="http://www.w3.org/2001/XMLSchema"`

const defaultMs = 60_000
const longestMs = 600_000
const longestPullMs = 60_000

const stateOf = ({ camera }: Call): EventState => (camera.events ??= noEvents())
const iso = (at: number): string => new Date(at).toISOString()
const times = (now: number, endsAt: number): string =>
  `<wsnt:CurrentTime>${iso(now)}</wsnt:CurrentTime><wsnt:TerminationTime>${iso(endsAt)}</wsnt:TerminationTime>`

/** `PT1M30S` as milliseconds; undefined for what is no such duration. */
function durationOf(text: string | undefined): number | undefined {
  const match = /^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(text ?? '')
  if (!match) return undefined
  const [, h = 0, m = 0, s = 0] = match
  return (Number(h) * 3_600 + Number(m) * 60 + Number(s)) * 1_000
}

/** A duration, or an instant on the camera's clock. */
function endOf(text: string | undefined, now: number): number {
  if (text === undefined || text === '') return now + defaultMs
  const wanted = durationOf(text) ?? Date.parse(text) - now
  if (!(wanted > 0)) throw invalidArgument('UnacceptableInitialTerminationTimeFault', `${text} is no time to end at`)
  return now + Math.min(wanted, longestMs)
}

/** Those that are over are forgotten. */
function points(call: Call): Point[] {
  const state = stateOf(call)
  state.points = state.points.filter((point) => point.endsAt > call.now)
  return state.points
}

function pointOf(call: Call): Point {
  const id = Number(/[?&]id=(\d+)/.exec(call.target)?.[1])
  const point = points(call).find((p) => p.id === id)
  if (!point) throw new SoapFault('Sender', ['InvalidArgVal', 'ResourceUnknownFault'], 'there is no such subscription')
  return point
}

function create(call: Call): string {
  const { body, now, camera, ports } = call
  if (points(call).length >= mostPoints)
    throw new SoapFault('Receiver', ['SubscribeCreationFailedFault'], `more than ${mostPoints} subscriptions`)
  const state = stateOf(call)
  const filter = textAt(child(body, 'Filter'), 'TopicExpression')
  const endsAt = endOf(textAt(body, 'InitialTerminationTime'), now)
  const point: Point = { id: state.nextId++, endsAt, queue: [], ...(filter === undefined ? {} : { filter }) }
  state.points.push(point)
  synchronize(state, point, now)
  const address = serviceUrl(camera, ports, `/onvif/event_service/pull?id=${point.id}`)
  return `<tev:SubscriptionReference><wsa5:Address>${address}</wsa5:Address></tev:SubscriptionReference>${times(now, endsAt)}`
}

/** Held until there is something, or as long as the client will wait. A second pull sends the first one home. */
const pull: Operation = {
  wait(call) {
    const point = pointOf(call)
    const ms = Math.min(durationOf(textAt(call.body, 'Timeout')) ?? 0, longestPullMs)
    if (point.queue.length > 0 || ms === 0) return undefined
    point.wake?.()
    return {
      ms,
      when(wake) {
        point.wake = wake
        return () => {
          if (point.wake === wake) delete point.wake
        }
      },
    }
  },
  answer(call) {
    const point = pointOf(call)
    const limit = Math.max(1, Number(textAt(call.body, 'MessageLimit')) || 1)
    const sent = point.queue.splice(0, limit).map(notification).join('')
    return `<tev:CurrentTime>${iso(call.now)}</tev:CurrentTime><tev:TerminationTime>${iso(point.endsAt)}</tev:TerminationTime>${sent}`
  },
}

const properties = (): string =>
  '<tev:TopicNamespaceLocation>http://www.onvif.org/onvif/ver10/topics/topicns.xml</tev:TopicNamespaceLocation><wsnt:FixedTopicSet>true</wsnt:FixedTopicSet>' +
  `<wstop:TopicSet>${topicSet}</wstop:TopicSet>` +
  '<wsnt:TopicExpressionDialect>http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet</wsnt:TopicExpressionDialect>' +
  '<tev:MessageContentFilterDialect>http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter</tev:MessageContentFilterDialect>' +
  '<tev:MessageContentSchemaLocation>http://www.onvif.org/onvif/ver10/schema/onvif.xsd</tev:MessageContentSchemaLocation>'

export const eventService: Service = {
  ns: ns.events,
  prefix: 'tev',
  declares,
  path: '/onvif/event_service',
  version: [2, 60],
  operations: {
    GetServiceCapabilities: {
      open: true,
      answer: ({ camera }) =>
        `<tev:Capabilities WSSubscriptionPolicySupport="false" WSPullPointSupport="${camera.profile.saysPullPoint}" MaxPullPoints="${mostPoints}"/>`,
    },
    GetEventProperties: { answer: properties },
    CreatePullPointSubscription: { answer: create },
    PullMessages: pull,
    SetSynchronizationPoint: {
      answer(call) {
        synchronize(stateOf(call), pointOf(call), call.now)
        return ''
      },
    },
  },
}

export const subscriptionManager: Service = {
  ns: ns.notification,
  prefix: 'wsnt',
  declares,
  path: '/onvif/event_service',
  version: [1, 3],
  operations: {
    Renew: {
      answer(call) {
        const point = pointOf(call)
        point.endsAt = endOf(textAt(call.body, 'TerminationTime'), call.now)
        return `<wsnt:TerminationTime>${iso(point.endsAt)}</wsnt:TerminationTime><wsnt:CurrentTime>${iso(call.now)}</wsnt:CurrentTime>`
      },
    },
    Unsubscribe: {
      answer(call) {
        const point = pointOf(call)
        const state = stateOf(call)
        state.points = state.points.filter((p) => p !== point)
        point.wake?.()
        return ''
      },
    },
  },
}
