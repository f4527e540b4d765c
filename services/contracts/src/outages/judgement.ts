/** What people say of an outage against the hub, or for it: kept as truth. */
import { z } from 'zod'
import { DeviceId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { Cause, CauseKind, causeKinds } from './cause.ts'

const OutageId = z.string().min(1).max(64)
const Reason = z.string().trim().min(1).max(1_000)

/** What a person may name: what the record knows, a place, a moment, or words. */
export const judgedKinds = causeKinds.filter(
  (kind) => !['device', 'flapping', 'cohort'].includes(kind),
) as readonly CauseKind[]
/** Devices that are set alone by one act, at most. */
export const apartMost = 500

const Split = z.strictObject({ act: z.literal('split'), devices: z.array(DeviceId).min(1).max(20_000), reason: Reason })
const Merge = z.strictObject({ act: z.literal('merge'), outages: z.array(OutageId).min(1).max(50), reason: Reason })
const Name = z.strictObject({
  act: z.literal('cause'),
  /** The key of a moment is the hub's to give; of `other` it is words. */
  cause: z.strictObject({ kind: CauseKind, key: z.string().trim().max(160) }),
  reason: Reason,
})
const Apart = z.strictObject({ act: z.literal('apart'), reason: Reason })
/** The hub was right. */
const Confirm = z.strictObject({ act: z.literal('confirm'), reason: Reason })
const Undo = z.strictObject({ act: z.literal('undo'), judgement: z.int().positive(), reason: Reason })

/** `apart`: not one event, each device is alone. `undo`: the opposite of one act, the newest first. */
export const JudgeOutage = z.discriminatedUnion('act', [Split, Merge, Name, Apart, Confirm, Undo])
export type JudgeOutage = z.infer<typeof JudgeOutage>

export const judgementActs = ['split', 'merge', 'cause', 'apart', 'confirm', 'undo'] as const
export const Judgement = z.strictObject({
  id: z.int(),
  at: Instant,
  actor: z.string(),
  act: z.enum(judgementActs),
  /** The outage that was judged, and the others that are concerned: merged into it, or split off. */
  outage: OutageId,
  others: z.array(OutageId),
  /** How many devices were split off or came from the others. */
  devices: z.int(),
  /** What the hub had named, and what the person has named. */
  was: Cause,
  cause: Cause.nullable(),
  reason: z.string(),
  /** Of `undo`: which. */
  undoes: z.int().nullable(),
  undone: z.boolean(),
  /** It takes a second; `lost`: what it needed was gone by then, and nothing was done. */
  effect: z.enum(['pending', 'done', 'lost']),
})
export type Judgement = z.infer<typeof Judgement>

/** What a person may name as the cause of this outage, by the record of its members: most of them first. */
export const CauseChoices = z.strictObject({
  choices: z.array(z.strictObject({ kind: CauseKind, key: z.string(), members: z.int() })),
})
export type CauseChoices = z.infer<typeof CauseChoices>

/** How often people and the hub agreed, by the month of the judgement. */
export const OutageAgreement = z.strictObject({
  asOf: Instant,
  months: z.array(
    z.strictObject({
      /** `YYYY-MM` */
      month: z.string(),
      /** Outages of which something was said, and of these all that was said is that the hub was right. */
      judged: z.int(),
      agreed: z.int(),
    }),
  ),
})
export type OutageAgreement = z.infer<typeof OutageAgreement>
