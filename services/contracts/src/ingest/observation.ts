/** What the field says, after the gateway: protocol-free. One schema for the wire, the spool and the store. */

import { z } from 'zod'
import { DeviceId, GatewayId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { limitText } from '../errors/limits.ts'
import { BatchSeal } from './batch-seal.ts'

/**
 * `blind`: the gateway could not tell (its own network was down, or it is not known which device answers at the address), so the device is
 * unknown, not offline.
 */
export const verdicts = ['pass', 'degraded', 'fail', 'blind'] as const
export const Verdict = z.enum(verdicts)
export type Verdict = z.infer<typeof Verdict>

/** The probe ladder, lowest rung first; `fresh` is the one rung of a sensor (its data arrived when due). */
export const rungs = ['reachable', 'answers', 'authenticated', 'describes', 'decodes', 'fresh'] as const
export const Rung = z.enum(rungs)
export type Rung = z.infer<typeof Rung>

export const reasons = [
  'refused',
  'timeout',
  'unreachable',
  'reset',
  'http-status',
  'soap-fault',
  'unauthorised',
  'malformed',
  'too-large',
  'tls',
  'slow',
  'clock',
  'frozen',
  'no-stream',
  'no-data',
  'out-of-range',
  'gateway-network',
  'address-conflict',
  'certificate',
] as const
/** Why a verdict is not `pass`. */
export const Reason = z.enum(reasons)
export type Reason = z.infer<typeof Reason>

/** What a camera notices by itself, whatever its make calls it. */
export const eventTopics = ['motion', 'tamper', 'video-loss', 'digital-input'] as const

/** A property of a camera changed: it began (`active`) or it ended. */
export const CameraEvent = z.strictObject({
  topic: z.enum(eventTopics),
  active: z.boolean(),
  /** Which video source or input of the camera, in its own words. */
  source: z.string().min(1).max(128).optional(),
})
export type CameraEvent = z.infer<typeof CameraEvent>

/** Bytes of a message that are kept of one that could not be read. */
export const deadLetterBytes = 1_024

/** A message of the device that could not be read, or not wholly: the centre keeps it among the dead letters. */
export const UnreadMessage = z.strictObject({
  /** What is wrong with it, by field and limit. */
  reason: z.string().min(1).max(512),
  /** Its beginning, base64. */
  payload: z.base64().max(4 * Math.ceil(deadLetterBytes / 3)),
  /** Messages like it since the last one that was sent along. */
  more: z.int().min(1).optional(),
})
export type UnreadMessage = z.infer<typeof UnreadMessage>

/**
 * The result of a probe of a device, or an event that it raised. An event is no result: health is judged from results alone, so the verdict,
 * rung and period of an event say nothing (gateways send `pass`, `answers` and their default period) and must not be read.
 */
export const Observation = z
  .strictObject({
    device: DeviceId,
    /** Event time at the gateway, in the centre's time base (the gateway corrects its own offset). */
    at: Instant,
    kind: z.enum(['probe', 'telemetry', 'event']),
    verdict: Verdict,
    /** The rung that failed, or the highest one that passed. */
    rung: Rung,
    reason: Reason.optional(),
    /** Milliseconds until the next probe is due. Three of them without a result: the evidence is stale. */
    every: z.int().min(100).max(86_400_000),
    /** Milliseconds that the probe took. */
    ms: z.number().min(0).max(600_000).optional(),
    /** Measurements by name: `clockOffsetMs`, or a sensor's values (see `measures`). */
    values: z.record(z.string().max(32), z.number()).optional(),
    /** Exactly when `kind` is `event`. */
    event: CameraEvent.optional(),
    deadLetter: UnreadMessage.optional(),
  })
  .refine((o) => (o.kind === 'event') === (o.event !== undefined), {
    path: ['event'],
    error: limitText('event-only'),
  })
export type Observation = z.infer<typeof Observation>

/**
 * At most one a second for each gateway. `(gateway, epoch, seq)` names it for ever: `epoch` is when the spool was made,
 * `seq` counts from 1 without gaps. The same name always carries the same bytes.
 */
export const ObservationBatch = z.strictObject({
  v: z.literal(1),
  gateway: GatewayId,
  epoch: Instant,
  seq: z.int().min(1),
  observations: z.array(Observation).min(1).max(5_000),
  /** Last of all in the message. From a gateway that was asked for its key (`keyWanted`): a centre of before refuses what it does not know. */
  seal: BatchSeal.optional(),
})
export type ObservationBatch = z.infer<typeof ObservationBatch>

/** "This one batch is on disk at the centre." Names a batch and not a prefix: live data may overtake a backlog. */
export const Ack = z.strictObject({
  v: z.literal(1),
  gateway: GatewayId,
  epoch: Instant,
  seq: z.int().min(1),
  /** The centre's clock when it acknowledged: the gateway measures its offset with it. */
  at: Instant,
})
export type Ack = z.infer<typeof Ack>
