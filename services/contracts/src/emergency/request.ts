/** What people send: a new incident, and what they do with one. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { DeviceId, Unit } from '../common/identity.ts'
import { instant } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { limitText } from '../errors/limits.ts'
import { GeoPoint, unitParts } from './incident.ts'
import { PlanStepDraft } from './plan.ts'
import { IncidentClass, IncidentLevel, IncidentSource, IncidentType, incidentTypes, WarningColour } from './words.ts'

const line = (most: number) => z.string().trim().min(1).max(most)
const Note = z.string().trim().min(1).max(2_000)
const Phone = z.string().regex(/^\+?[\d-]{3,20}$/, limitText('phone-number'))
const Casualties = z.strictObject({
  dead: z.int().min(0).max(100_000),
  injured: z.int().min(0).max(100_000),
  missing: z.int().min(0).max(100_000),
})

/** What is said of an incident, whoever says it. */
const said = {
  /** A drill from end to end. */
  drill: z.boolean().default(false),
  title: line(120),
  class: IncidentClass,
  type: IncidentType,
  level: IncidentLevel.optional(),
  warning: WarningColour.optional(),
  /** Needed where neither a point nor a device says it. */
  district: DistrictCode.optional(),
  address: line(256).optional(),
  point: GeoPoint.optional(),
  /** Its place is that of the device. */
  device: DeviceId.optional(),
  /** Default: now. */
  occurredAt: Instant.optional(),
  caller: z.strictObject({ name: line(64).optional(), phone: Phone.optional() }).optional(),
  casualties: Casualties.optional(),
  description: z.string().trim().max(4_000).optional(),
}
type Said = { class: IncidentClass; type: IncidentType; district?: unknown; point?: unknown; device?: unknown }
const typeOfClass = (i: Said) => (incidentTypes[i.class] as readonly string[]).includes(i.type)
const hasPlace = (i: Said) => i.district !== undefined || i.point !== undefined || i.device !== undefined
const ofClass = { path: ['type'], message: limitText('type-of-class') }
const needed = { path: ['district'], message: limitText('needed-place') }

export const NewIncident = z
  .strictObject({
    source: IncidentSource.default('manual'),
    /** The sender's number; with the source it is one incident, and a second like it answers the first. */
    reference: line(128).optional(),
    ...said,
  })
  .refine(typeOfClass, ofClass)
  .refine(hasPlace, needed)
export type NewIncident = z.infer<typeof NewIncident>

const note = { note: Note.optional() }
const why = { note: Note }
/** What is done with an incident. An illegal step is refused with the legal ones named. */
export const IncidentAct = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('acknowledge') }),
  z.strictObject({ act: z.literal('verify'), ...note }),
  z.strictObject({ act: z.literal('grade'), level: IncidentLevel, ...note }),
  z.strictObject({
    act: z.literal('dispatch'),
    units: z
      .array(z.strictObject({ unit: Unit, part: z.enum(unitParts) }))
      .min(1)
      .max(20),
    ...note,
  }),
  z.strictObject({ act: z.literal('sign'), unit: Unit, ...note }),
  z.strictObject({ act: z.literal('depart'), unit: Unit, ...note }),
  z.strictObject({ act: z.literal('arrive'), unit: Unit, ...note }),
  z.strictObject({ act: z.literal('handle'), ...note }),
  z.strictObject({ act: z.literal('end'), ...why }),
  z.strictObject({ act: z.literal('review'), ...why }),
  z.strictObject({ act: z.literal('archive'), ...note }),
  /** Reported upwards (上报): to whom, and what. */
  z.strictObject({ act: z.literal('report'), to: Unit, ...why }),
  /** To a worse level, with the reason. */
  z.strictObject({ act: z.literal('escalate'), level: IncidentLevel, ...why }),
  z.strictObject({ act: z.literal('dismiss'), ...why }),
  z.strictObject({ act: z.literal('merge'), into: z.uuid(), ...note }),
  z.strictObject({ act: z.literal('reopen'), ...why }),
  z.strictObject({ act: z.literal('hand-over'), duty: Unit, ...why }),
  z.strictObject({ act: z.literal('child-of'), parent: z.uuid().nullable() }),
  z.strictObject({ act: z.literal('note'), ...why }),
  z.strictObject({
    act: z.literal('detail'),
    title: line(120).optional(),
    type: IncidentType.optional(),
    address: line(256).optional(),
    point: GeoPoint.optional(),
    warning: WarningColour.nullable().optional(),
    casualties: Casualties.optional(),
    description: z.string().trim().max(4_000).optional(),
  }),
  z.strictObject({ act: z.literal('choose-cameras'), devices: z.array(DeviceId).min(1).max(16) }),
  z.strictObject({ act: z.literal('drop-camera'), device: DeviceId }),
  z.strictObject({ act: z.literal('work-order'), unit: Unit, devices: z.array(DeviceId).min(1).max(200), ...note }),
  z.strictObject({ act: z.literal('start-plan'), plan: z.uuid() }),
  z.strictObject({ act: z.literal('tick'), seq: z.int().min(1), ...note }),
  z.strictObject({ act: z.literal('skip'), seq: z.int().min(1), ...why }),
  z.strictObject({ act: z.literal('assign'), seq: z.int().min(1), assignee: line(64) }),
  z.strictObject({ act: z.literal('add-step'), step: PlanStepDraft }),
])
export type IncidentAct = z.infer<typeof IncidentAct>

/** Send a chosen camera to a preset. */
export const PresetRequest = z.strictObject({ device: DeviceId, token: line(64) })
/** Why the caller must be known: it goes into the log. */
export const RevealRequest = z.strictObject({ note: Note })
export const IncidentCaller = z.strictObject({ name: z.string().nullable(), phone: z.string().nullable() })

export const intakeSources = ['110', '119', '120', '122', '12345'] as const
/** A report of another control room, signed. The contract is our own: no open one of theirs is known. */
export const IntakeReport = z
  .strictObject({ ...said, reference: line(128) })
  .refine(typeOfClass, ofClass)
  .refine(hasPlace, needed)
export type IntakeReport = z.infer<typeof IntakeReport>

export const IntakeQuery = z.strictObject({
  sender: line(64),
  /** When it was signed. */
  at: instant,
  /** Hex of HMAC-SHA256 with the sender's key over `{at}.{body}`, the body byte for byte. */
  signature: z.string().regex(/^[0-9a-f]{64}$/, limitText('hex-sha256')),
})
/** What the sender keeps. Of a report that is sent again it is the same. */
export const IntakeReceipt = z.strictObject({
  source: z.enum(intakeSources),
  reference: z.string(),
  number: z.string(),
  receivedAt: Instant,
})
export type IntakeReceipt = z.infer<typeof IntakeReceipt>
