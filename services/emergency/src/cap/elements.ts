/** The elements of CAP 1.2 in the order of its schema: reading and writing both go by this table. */
import {
  capCategories,
  capCertainties,
  capMsgTypes,
  capResponseTypes,
  capScopes,
  capSeverities,
  capStatuses,
  capUrgencies,
} from '@hub/contracts'

export type Element = {
  needed?: true
  many?: true
  /** The only texts that it may have. */
  values?: readonly string[]
  number?: true
  children?: Elements
}
export type Elements = { readonly [name: string]: Element }

const text: Element = {}
const needed: Element = { needed: true }
const nameValue: Element = { many: true, children: { valueName: needed, value: needed } }

const area: Elements = {
  areaDesc: needed,
  polygon: { many: true },
  circle: { many: true },
  geocode: nameValue,
  altitude: { number: true },
  ceiling: { number: true },
}
const resource: Elements = {
  resourceDesc: needed,
  mimeType: needed,
  size: { number: true },
  uri: text,
  derefUri: text,
  digest: text,
}
const info: Elements = {
  language: text,
  category: { needed: true, many: true, values: capCategories },
  event: needed,
  responseType: { many: true, values: capResponseTypes },
  urgency: { needed: true, values: capUrgencies },
  severity: { needed: true, values: capSeverities },
  certainty: { needed: true, values: capCertainties },
  audience: text,
  eventCode: nameValue,
  effective: text,
  onset: text,
  expires: text,
  senderName: text,
  headline: text,
  description: text,
  instruction: text,
  web: text,
  contact: text,
  parameter: nameValue,
  resource: { many: true, children: resource },
  area: { many: true, children: area },
}
export const alertElements: Elements = {
  identifier: needed,
  sender: needed,
  sent: needed,
  status: { needed: true, values: capStatuses },
  msgType: { needed: true, values: capMsgTypes },
  source: text,
  scope: { needed: true, values: capScopes },
  restriction: text,
  addresses: text,
  code: { many: true },
  note: text,
  references: text,
  incidents: text,
  info: { many: true, children: info },
}
