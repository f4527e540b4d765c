/** "Explain this device" at its gateway: what was asked, what came back, what comes next. Holds no secret. */
import { z } from 'zod'
import { DeviceId, GatewayId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { Reason, Rung, Verdict } from '../ingest/observation.ts'
import { SensorExplanation } from './explain-sensor.ts'

const ms = z.number().min(0)

/** One request to the camera. */
export const ExplainedExchange = z.strictObject({
  at: Instant,
  ms,
  /** SOAP operation, or RTSP method. */
  asked: z.string().max(64),
  /** How the request proved who asks. */
  login: z.enum(['none', 'token', 'digest', 'text']),
  /** Of HTTP or RTSP; null when there was no whole answer. */
  status: z.int().nullable(),
  /** Of the answer's body. */
  bytes: z.int().min(0),
  reason: Reason.optional(),
  detail: z.string().max(1_024).optional(),
  /** Texts, secrets masked and cut: only while somebody has lately asked to explain the device. */
  sent: z.string().max(4_096).optional(),
  received: z.string().max(4_096).optional(),
})
export type ExplainedExchange = z.infer<typeof ExplainedExchange>

export const ExplainedProbe = z.strictObject({
  at: Instant,
  ms,
  verdict: Verdict,
  rung: Rung,
  reason: Reason.optional(),
  detail: z.string().max(1_024).optional(),
})

/** How one login stands. Cameras lock out after a few bad tries, so a refused one is not tried for ever. */
export const ExplainedLogin = z.strictObject({
  tries: z.int().min(0),
  triesLeft: z.int().min(0),
})

export const Explanation = z.strictObject({
  device: DeviceId,
  at: Instant,
  xaddr: z.string().max(512),
  /** Address that is probed now: another one while the camera's endpoint is seen elsewhere. */
  host: z.string().max(256),
  moved: z.boolean(),
  blind: z.boolean(),
  /** Milliseconds; `wrong` and `dead` are results in a row. */
  schedule: z.strictObject({ every: ms, nextAt: Instant.nullable(), wrong: z.int(), dead: z.int() }),
  policy: z.strictObject({
    timeoutMs: ms,
    connectMs: ms,
    maxBytes: z.int(),
    slowMs: ms,
    clockMs: ms,
    authenticateEvery: z.int(),
    describeEvery: z.int(),
  }),
  credential: z.strictObject({
    name: z.string(),
    configured: z.boolean(),
    /** Null before the camera has said how it wants to be asked. */
    scheme: z.enum(['token', 'digest', 'text']).nullable(),
    device: ExplainedLogin,
    stream: ExplainedLogin,
  }),
  clockOffsetMs: z.number().nullable(),
  /** The slower rungs: what they said last; `in` probes they are due again. */
  rungs: z.array(
    z.strictObject({
      rung: Rung,
      said: z.union([z.enum(['nothing', 'pass']), Reason]),
      detail: z.string().max(1_024).optional(),
      every: z.int(),
      in: z.int().min(0),
    }),
  ),
  /** Newest first. */
  probes: z.array(ExplainedProbe),
  /** Newest first. */
  exchanges: z.array(ExplainedExchange),
  watchedUntil: Instant,
})
export type Explanation = z.infer<typeof Explanation>

/** Of a camera, or of a sensor. */
export const DeviceExplanation = z.strictObject({
  gateway: GatewayId,
  at: Instant,
  explanation: z.union([Explanation, SensorExplanation]),
})
export type DeviceExplanation = z.infer<typeof DeviceExplanation>
