/**
 * A rung of the probe ladder: one thing that is asked of a camera with every n-th probe. A new one is a file of `rungs/` and a line
 * of the table there. What a rung has to say goes out as data; a rung keeps nothing.
 */
import type { DeviceIdentity, Reason, Rung as RungName } from '@hub/contracts'
import type { LoginBudget } from '../login/index.ts'
import type { CameraSession, Credential } from '../onvif/session.ts'
import type { RtspProbe } from './rtsp.ts'
import type { VerdictPolicy } from './verdict.ts'

export type LadderPolicy = VerdictPolicy & {
  /** The authenticated rung is asked with every n-th probe, and that of the stream with every n-th. */
  authenticateEvery: number
  describeEvery: number
}

export type RungResult = {
  said: 'pass' | Reason
  /** One English sentence for an engineer; never holds a secret. */
  detail?: string
  /** Measurements that go into the observation, by name. */
  values?: Readonly<Record<string, number>>
  /** Fingerprint of the answer: given to the next run. */
  mark?: number
  /** What the camera says of itself and did not say before: it is identified again at once. */
  changed?: object
  /** What is known of the camera may be out of date: it is identified again with the next answer. */
  stale?: boolean
  /** Rungs whose last answer is in doubt: they are asked with the next probe, whatever their period. */
  doubts?: readonly RungName[]
}

/** A stream to take pictures of. */
export type PictureSubject = {
  /** Approved host. */
  readonly host: string
  readonly streamUri: string
  readonly credential: Credential | undefined
  /** Of this host and credential. */
  readonly budget: LoginBudget | undefined
}
export type PictureJudge = {
  /** Resolves when there was a place for it; undefined when this stream cannot be judged. */
  judge(subject: PictureSubject): Promise<RungResult | undefined>
}

/** What a rung may use of a camera. */
export type RungSubject = {
  readonly id: string
  /** At the address that is probed. */
  readonly session: CameraSession
  readonly rtsp: RtspProbe
  /** Undefined until the camera was identified. */
  readonly identity: DeviceIdentity | undefined
  /** Undefined where pictures are off. */
  readonly pictures: PictureJudge | undefined
  /** Undefined until it is known to have a stream. */
  readonly pictureSubject: PictureSubject | undefined
}

/** What the rung said last. */
export type Before = { readonly said: 'nothing' | RungResult['said']; readonly mark: number | undefined }

export type Rung = {
  readonly name: RungName
  /** Asked with every n-th probe. 0: not with a probe; another part asks when it is time (see `picture/rounds.ts`). */
  readonly every: (policy: LadderPolicy) => number
  /** Without its answer there is none at all: the camera fails, and the rungs above are not asked. All others degrade it. */
  readonly vital?: true
  /** Cameras that are assigned together do not all ask it together. */
  readonly phased?: true
  /** Whether it can be asked now; always when absent. @param all an operator asks for every rung. */
  readonly ready?: (subject: RungSubject, before: Before, all: boolean) => boolean
  /** Undefined: the gateway could not tell, and what was said before holds. @throws OnvifFault, which is taken as what it says. */
  readonly run: (subject: RungSubject, before: Before) => Promise<RungResult | undefined>
}
