/** Public alerts in the Common Alerting Protocol (CAP 1.2): what comes in, what goes out, what is shown of both. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'
import { WarningColour } from './words.ts'

export const capNamespace = 'urn:oasis:names:tc:emergency:cap:1.2'

export const capStatuses = ['Actual', 'Exercise', 'System', 'Test', 'Draft'] as const
export const capMsgTypes = ['Alert', 'Update', 'Cancel', 'Ack', 'Error'] as const
export const capScopes = ['Public', 'Restricted', 'Private'] as const
export const capCategories = [
  'Geo',
  'Met',
  'Safety',
  'Security',
  'Rescue',
  'Fire',
  'Health',
  'Env',
  'Transport',
  'Infra',
  'CBRNE',
  'Other',
] as const
export type CapCategory = (typeof capCategories)[number]
export const capResponseTypes = [
  'Shelter',
  'Evacuate',
  'Prepare',
  'Execute',
  'Avoid',
  'Monitor',
  'Assess',
  'AllClear',
  'None',
] as const
export const capUrgencies = ['Immediate', 'Expected', 'Future', 'Past', 'Unknown'] as const
export const capSeverities = ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'] as const
export const capCertainties = ['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'] as const

type NameValue = { valueName: string; value: string }

/** Names are those of the standard. What may be there several times is a list; texts are as they were sent. */
export type CapArea = {
  areaDesc: string
  /** `latitude,longitude latitude,longitude …`, the first again at the end. */
  polygon?: string[]
  /** `latitude,longitude radius`, kilometres. */
  circle?: string[]
  geocode?: NameValue[]
  altitude?: string
  ceiling?: string
}
export type CapInfo = {
  language?: string
  category: CapCategory[]
  event: string
  responseType?: (typeof capResponseTypes)[number][]
  urgency: (typeof capUrgencies)[number]
  severity: (typeof capSeverities)[number]
  certainty: (typeof capCertainties)[number]
  audience?: string
  eventCode?: NameValue[]
  effective?: string
  onset?: string
  expires?: string
  senderName?: string
  headline?: string
  description?: string
  instruction?: string
  web?: string
  contact?: string
  parameter?: NameValue[]
  resource?: {
    resourceDesc: string
    mimeType: string
    size?: string
    uri?: string
    derefUri?: string
    digest?: string
  }[]
  area?: CapArea[]
}
export type CapAlert = {
  identifier: string
  sender: string
  /** `YYYY-MM-DDThh:mm:ss+08:00`. */
  sent: string
  status: (typeof capStatuses)[number]
  msgType: (typeof capMsgTypes)[number]
  source?: string
  scope: (typeof capScopes)[number]
  restriction?: string
  addresses?: string
  code?: string[]
  note?: string
  /** `sender,identifier,sent …`. */
  references?: string
  incidents?: string
  info?: CapInfo[]
}

const handledMsgTypes = ['Alert', 'Update', 'Cancel'] as const
export const CapMsgType = z.enum(handledMsgTypes)
export type CapMsgType = z.infer<typeof CapMsgType>

/** One message of an incident, sent or taken in. Its document: `GET /cap/{id}.xml`. */
export const CapMessage = z.strictObject({
  id: z.uuid(),
  incident: z.uuid(),
  direction: z.enum(['in', 'out']),
  msgType: CapMsgType,
  /** Of a drill. */
  exercise: z.boolean(),
  sender: z.string(),
  identifier: z.string(),
  sent: Instant,
  headline: z.string(),
  warning: WarningColour.nullable(),
  /** When it was taken in or made here, and by whom. */
  at: Instant,
  by: z.string(),
})
export type CapMessage = z.infer<typeof CapMessage>

export const CapList = z.strictObject({
  asOf: Instant,
  /** The latest first. */
  messages: z.array(CapMessage),
  /** Whoever warned has taken it back, and nothing that was taken in stands any more: the end of the incident is offered. */
  cancelled: z.boolean(),
  /** What may be sent now; nothing: no sender is configured, or the incident is over. */
  next: z.array(CapMsgType),
})
export type CapList = z.infer<typeof CapList>

export const CapRequest = z.strictObject({
  /** Of a request that is sent again it is the same: nothing is published twice. */
  key: z.uuid(),
  msgType: CapMsgType,
  /** Around the point of the incident; default: by the configuration. Without a point its district is warned. */
  radiusMetres: z.int().min(50).max(100_000).optional(),
  /** What people are to do, or why it is cancelled, in Chinese and in English. */
  instruction: z
    .strictObject({ zh: z.string().trim().min(1).max(2_000), en: z.string().trim().min(1).max(2_000) })
    .optional(),
})
export type CapRequest = z.infer<typeof CapRequest>

/** What the sender of an alert keeps. Of one that is sent again it is the same. */
export const CapReceipt = z.strictObject({
  id: z.uuid(),
  sender: z.string(),
  identifier: z.string(),
  sent: z.string(),
  incident: z.uuid(),
  number: z.string(),
  receivedAt: Instant,
  /** Places that may have latitude and longitude in the wrong order: taken as they are written. */
  doubtful: z.array(z.string()),
})
export type CapReceipt = z.infer<typeof CapReceipt>
