/**
 * What is read out of an answer to PullMessages (ONVIF Core 9.1.2, 9.5). Pure. The time that a message states is not read:
 * some firmware repeats an old one with each, and an event comes to us as it happens.
 */
import type { CameraEvent } from '@hub/contracts'
import { plainText } from '@hub/core'
import { at, child, textAt, type XmlElement } from '../onvif/xml.ts'
import { meaningOf } from './topics.ts'

export type Notification = {
  topic: CameraEvent['topic']
  active: boolean
  source: string | undefined
  /** Names the property: the camera's own topic and source, so that two detectors of one kind stay apart. */
  property: string
  /** A statement of how things are, after subscribing or a synchronization point, and not a change. */
  initial: boolean
}

/** What we ask for at most in one answer: what is beyond it is not read. */
export const messageLimit = 100

export type Pulled = {
  notifications: Notification[]
  /** Messages in the answer, of whatever topic. */
  messages: number
  /** Of a topic that we report, and yet not understood. */
  odd: number
}

export function readPulled(body: XmlElement): Pulled {
  const pulled: Pulled = { notifications: [], messages: 0, odd: 0 }
  for (const element of child(body, 'PullMessagesResponse')?.children ?? []) {
    if (element.name !== 'NotificationMessage' || ++pulled.messages > messageLimit) continue
    const read = readNotification(element)
    if (read === 'odd') pulled.odd++
    else if (read) pulled.notifications.push(read)
  }
  return pulled
}

function readNotification(element: XmlElement): Notification | 'odd' | undefined {
  const path = textAt(element, 'Topic')
  const meaning = path === undefined ? undefined : meaningOf(path)
  if (!meaning) return undefined
  // The outer Message is of WS-BaseNotification, the inner one of ONVIF.
  const message = at(element, 'Message', 'Message')
  const operation = message?.attributes?.PropertyOperation ?? 'Changed'
  const data = items(child(message, 'Data'))
  const name = meaning.items.find((wanted) => data.some(([item]) => item === wanted.toLowerCase()))
  const value = data.find(([item]) => item === name?.toLowerCase())?.[1]
  const active = operation === 'Deleted' ? false : truth(value)
  if (!message || active === undefined) return 'odd'
  const source = items(child(message, 'Source'))
  const said = source.map(([, text]) => text).find((text) => text !== '')
  return {
    topic: meaning.topic,
    active,
    source: said?.slice(0, 128),
    property: `${path!.trim()} ${source.map((pair) => pair.join('=')).join(' ')}`.slice(0, 512),
    initial: operation === 'Initialized',
  }
}

/** Names in lower case: makes do not agree on the case of `State`. */
const items = (list: XmlElement | undefined): [name: string, value: string][] =>
  (list?.children ?? [])
    .filter((item) => item.name === 'SimpleItem')
    .map((item) => [(item.attributes?.Name ?? '').toLowerCase(), plainText(item.attributes?.Value ?? '').trim()])

/** xs:boolean, and the words that inputs are given. */
function truth(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined
  if (/^(true|1|active|on)$/i.test(value)) return true
  return /^(false|0|inactive|off)$/i.test(value) ? false : undefined
}
