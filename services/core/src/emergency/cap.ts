/** What a CAP 1.2 alert must keep to that its schema does not hold. */
import { type CapAlert, type CapInfo, limitText } from '@hub/contracts'
import { cityTime } from '../common/time/city.ts'
import { circleFault, polygonFault } from './cap-area.ts'

/** `field` as XPath names it, counted from 1. */
export type CapFault = { field: string; value: string | undefined; limit: string }

/** City time with its offset: `toISOString` is no CAP. */
export const capTime = (at: number): string => `${cityTime(at).replace(' ', 'T')}+08:00`

const timeForm = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)$/

function timeFault(text: string): string | undefined {
  if (/\d[Zz]$/.test(text)) return limitText('cap-zulu')
  if (/:\d\d[.,]\d/.test(text)) return limitText('cap-fraction')
  const [, wall] = timeForm.exec(text) ?? []
  if (wall === undefined) return limitText('cap-time')
  const at = Date.parse(`${wall}Z`)
  // 30 February is no day, though it is of the form.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 19) !== wall ? limitText('cap-time') : undefined
}

const isName = (text: string) => /^[^\s,<&]{1,128}$/u.test(text)

export type CapReference = Pick<CapAlert, 'sender' | 'identifier' | 'sent'>
export const referenceText = ({ sender, identifier, sent }: CapReference): string => `${sender},${identifier},${sent}`

/** Undefined: one of them is none. */
export function referencesOf({ references = '' }: Pick<CapAlert, 'references'>): CapReference[] | undefined {
  const words = references.split(/\s+/).filter(Boolean)
  const all = words.flatMap((word) => {
    const [sender = '', identifier = '', sent = '', ...more] = word.split(',')
    return isName(sender) && isName(identifier) && !timeFault(sent) && more.length === 0
      ? [{ sender, identifier, sent }]
      : []
  })
  return all.length === words.length ? all : undefined
}

const needReferences: readonly string[] = ['Update', 'Cancel', 'Ack', 'Error']

/** Of an alert that keeps to the schema; none: it may be sent. The first is what a sender is told. */
export function capFaults(alert: CapAlert): CapFault[] {
  const { identifier, sender, sent, scope, restriction, addresses, info = [] } = alert
  const faults: CapFault[] = []
  const add = (field: string, value: string | undefined, limit: string | undefined) => {
    if (limit !== undefined) faults.push({ field, value, limit })
  }
  for (const [field, value] of Object.entries({ identifier, sender }))
    if (!isName(value)) add(field, value, limitText('cap-name'))
  add('sent', sent, timeFault(sent))
  if ((restriction !== undefined) !== (scope === 'Restricted'))
    add('restriction', restriction, limitText('cap-restriction'))
  if (scope === 'Private' && !addresses?.trim()) add('addresses', addresses, limitText('cap-addresses'))
  add('references', alert.references, referencesFault(alert))
  info.forEach((one, n) => {
    faults.push(...infoFaults(one, `info[${n + 1}]`))
  })
  return faults
}

function referencesFault(alert: CapAlert): string | undefined {
  const { msgType, sent } = alert
  const references = referencesOf(alert)
  if (!references) return limitText('cap-references')
  if (references.length === 0)
    return needReferences.includes(msgType) ? limitText('cap-references-needed', { type: msgType }) : undefined
  if (references.some((one) => one.sender === alert.sender && one.identifier === alert.identifier))
    return limitText('cap-reference-self')
  return references.some((one) => Date.parse(one.sent) > Date.parse(sent))
    ? limitText('cap-reference-later', { sent })
    : undefined
}

function infoFaults({ effective, onset, expires, area = [] }: CapInfo, at: string): CapFault[] {
  const faults: CapFault[] = []
  const add = (field: string, value: string, limit: string | undefined) => {
    if (limit !== undefined) faults.push({ field: `${at}.${field}`, value, limit })
  }
  for (const [field, value] of Object.entries({ effective, onset, expires }))
    if (value !== undefined) add(field, value, timeFault(value))
  area.forEach(({ polygon = [], circle = [], altitude, ceiling }, n) => {
    const here = `area[${n + 1}]`
    polygon.forEach((text, i) => {
      add(`${here}.polygon[${i + 1}]`, text, polygonFault(text))
    })
    circle.forEach((text, i) => {
      add(`${here}.circle[${i + 1}]`, text, circleFault(text))
    })
    if (ceiling !== undefined && altitude === undefined) add(`${here}.ceiling`, ceiling, limitText('cap-ceiling'))
  })
  return faults
}
