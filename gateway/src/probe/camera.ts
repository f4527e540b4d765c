/** One assigned camera: its sessions, its ladder, what is known of it, and what the last probes said. */
import type { AssignedCamera, DeviceIdentity, Explanation, Observation, Reason } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import { keepLast } from '../keep-last.ts'
import { heldBudget, type LoginBudget, type LoginBudgets } from '../login/index.ts'
import type { CertificatePin } from '../onvif/certificates.ts'
import type { Limits } from '../onvif/connection.ts'
import { OnvifFault, spent } from '../onvif/fault.ts'
import {
  findPtz,
  findSnapshot,
  gotoPreset,
  identify,
  listPresets,
  type PtzAddress,
  readStatus,
  takeSnapshot,
} from '../onvif/identify.ts'
import { type Mask, maskOf } from '../onvif/mask.ts'
import type { Preset, PtzStatus } from '../onvif/read.ts'
import { ExchangeRecorder } from '../onvif/recorder.ts'
import { CameraSession, type Credential } from '../onvif/session.ts'
import { type Climbed, Ladder } from './ladder.ts'
import { RtspProbe } from './rtsp.ts'
import type { LadderPolicy, PictureJudge, PictureSubject, Rung, RungResult, RungSubject } from './rung.ts'
import { nextProbe, nominalPeriod, onGrid, type Pace, paceOf } from './schedule.ts'
import { type Judged, judgeProbe } from './verdict.ts'

export type CameraPolicy = LadderPolicy & { limits: Limits }

export type CameraOptions = {
  assigned: AssignedCamera
  credential: Credential | undefined
  /** Every path to the camera asks it before it sends the credential. */
  budgets: LoginBudgets
  clock: Clock
  policy: CameraPolicy
  /** Where it speaks HTTPS. */
  pin?: CertificatePin | undefined
  pictures?: PictureJudge | undefined
  /** The ladder. */
  rungs: readonly Rung[]
  /** Whether the gateway itself was late since then; never when absent. */
  wasLate?: ((since: number) => boolean) | undefined
}

export type Probed = Pick<Climbed, 'changed' | 'stale'> & {
  observation: Observation
  /** When it is probed next. */
  next: number
  /** A wrong picture of before it went away was forgotten: it is taken anew. */
  pictureForgotten: boolean
  /** The gateway itself was late each time: this is no evidence, and must not be told. */
  doubtful: boolean
}

const resultsKept = 5
/** So often a camera is asked anew at once while the gateway is late; then it waits for its turn. */
const againMost = 2
/** What may be the gateway's own lateness. A refusal, or an answer that says what is wrong, is an answer. */
const ofTime: readonly (Reason | undefined)[] = ['timeout', 'reset', 'slow', 'clock']
/** What an identification says of the camera that its next probes cannot say. */
const ofIdentity: readonly Reason[] = ['unauthorised', 'malformed', 'too-large']
const spentLogin = spent('authenticated', 'the credential was refused twice').message

export class Camera implements RungSubject {
  readonly assigned: AssignedCamera
  readonly rtsp: RtspProbe
  readonly pictures: PictureJudge | undefined
  readonly #pace: Pace
  readonly #clock: Clock
  readonly #policy: CameraPolicy
  /** At the assigned address. */
  readonly #own: CameraSession
  /** Where its endpoint was seen after it fell silent here. No login is sent there before an operator has assigned it. */
  #moved: CameraSession | undefined
  readonly #recorder: ExchangeRecorder
  readonly #mask: Mask
  readonly #credential: Credential | undefined
  readonly #budget: LoginBudget | undefined
  readonly #pin: CertificatePin | undefined
  /** The changed certificate that was told of last. */
  #offered: string | undefined
  readonly #ladder: Ladder
  #identity: DeviceIdentity | undefined
  #incomplete = false
  #inConflict = false
  /** Why the last identification failed, whole or in part. */
  #failure: DeviceIdentity['failure']
  #ptz: PtzAddress | undefined
  #snapshotPath: string | undefined
  #recent: Explanation['probes'] = []
  #last: Judged | undefined
  readonly #wasLate: (since: number) => boolean
  #stopped = false
  #wrong = 0
  #dead = 0

  constructor(options: CameraOptions) {
    const { assigned, credential, clock, policy } = options
    this.assigned = assigned
    this.pictures = options.pictures
    this.#wasLate = options.wasLate ?? (() => false)
    this.#pace = paceOf(assigned.id, assigned.every)
    this.#clock = clock
    this.#policy = policy
    this.#mask = maskOf(credential)
    this.#credential = credential
    const recorder = new ExchangeRecorder(clock, this.#mask)
    this.#recorder = recorder
    const target = targetOf(assigned.xaddr)
    const { host } = target
    const budget = credential && heldBudget(options.budgets.of(host, credential), () => this.#inConflict)
    this.#budget = budget
    this.#pin = options.pin
    this.#own = sessionAt(assigned.xaddr, { clock, policy, credential, budget, recorder, pin: options.pin })
    this.rtsp = new RtspProbe({ clock, credential, budget, recorder, host, limits: policy.limits })
    this.#ladder = new Ladder({ now: () => clock.now(), rungs: options.rungs, policy, id: assigned.id })
    // Refused before this process began: nothing may be sent that would say so again.
    if (budget?.left(`onvif:${target.port}`) === 0) this.#ladder.note('authenticated', 'unauthorised', spentLogin)
  }

  get id(): string {
    return this.assigned.id
  }
  get every(): number {
    return this.assigned.every
  }
  get pace(): Pace {
    return this.#pace
  }
  /** Session at the address that is probed now. */
  get session(): CameraSession {
    return this.#moved ?? this.#own
  }
  /** Address that is probed now. */
  get host(): string {
    return this.session.target.host
  }
  /** Address that it is assigned at. */
  get ownHost(): string {
    return this.#own.target.host
  }
  /** What is known of it; undefined until it was identified at this address. */
  get identity(): DeviceIdentity | undefined {
    return this.#identity
  }
  get canLogIn(): boolean {
    return !this.#own.locked
  }
  /** Part of what it says of itself could not be read. */
  get incomplete(): boolean {
    return this.#incomplete
  }
  get failing(): boolean {
    return this.#dead > 0
  }
  /** When the last probe began; 0 before the first. */
  get probedAt(): number {
    return this.#recent.at(-1)?.at ?? 0
  }

  /** Whether its stream is there for a picture. */
  get picturable(): boolean {
    const describes = this.#ladder.said('describes')
    return (
      this.pictureSubject !== undefined &&
      !this.failing &&
      !this.#inConflict &&
      !this.#moved &&
      (describes === 'pass' || describes === 'nothing')
    )
  }
  get pictureSubject(): PictureSubject | undefined {
    const streamUri = this.#identity?.streamUri
    if (streamUri === undefined) return undefined
    return { host: this.host, streamUri, credential: this.#credential, budget: this.#budget }
  }
  judgePicture(): Promise<RungResult | undefined> {
    return this.#ladder.ask('decodes', this)
  }
  notePicture({ said, detail, doubts = [] }: RungResult, counts: boolean): void {
    for (const name of doubts) this.#ladder.doubt(name)
    if (counts) this.#ladder.note(said === 'unauthorised' ? 'describes' : 'decodes', said, detail)
  }

  /** Whether another device may answer at its address: then nothing that answers there is its own, and no login is sent. */
  get inConflict(): boolean {
    return this.#inConflict
  }
  setConflict(inConflict: boolean): void {
    if (inConflict === this.#inConflict) return
    this.#inConflict = inConflict
    // What is under way may be with the other already.
    if (inConflict) this.#close()
  }

  /** An operator asks. */
  allowAnotherTry(): void {
    this.#budget?.allowAnother()
  }

  /** A session of its own with the camera, for a call that is long under way. */
  openSession(limits: Limits): CameraSession {
    return this.#own.secondSession(limits)
  }

  /** Its endpoint was seen at an address that is trusted. Returns whether a probe at once is worth it. */
  seenAt(xaddr: string): boolean {
    const { hostname } = new URL(xaddr)
    if (!this.failing) return false
    this.#moved =
      hostname === this.#own.target.host
        ? undefined
        : sessionAt(xaddr, { clock: this.#clock, policy: this.#policy, recorder: this.#recorder })
    return true
  }

  /** Asks what it is, and takes the outcome as the authenticated rung's, and that of the stream's address as its rung's. @throws OnvifFault */
  async identify(): Promise<DeviceIdentity> {
    try {
      const { said, unread } = await identify(this.#own)
      const failure = unread && this.#failureOf(unread)
      this.#identity = { device: this.id, at: this.#clock.now(), ...said, ...(failure && { failure }) }
      this.#failure = failure
      this.#ladder.note('authenticated', 'pass')
      if (unread) this.#ladder.note('describes', unread.reason, unread.message)
      else if (this.#incomplete) this.#ladder.note('describes', 'nothing')
      this.#incomplete = unread !== undefined
      return this.#identity
    } catch (error) {
      if (error instanceof OnvifFault && ofIdentity.includes(error.reason))
        this.#ladder.note('authenticated', error.reason, error.message)
      throw error
    }
  }

  /** What is known of it, with why it could not be identified; undefined when that says nothing of the camera, or nothing new. */
  unidentified(fault: OnvifFault): DeviceIdentity | undefined {
    if (fault.reason === 'gateway-network') return undefined
    const failure = this.#failureOf(fault)
    const { reason, detail } = this.#failure ?? {}
    this.#failure = failure
    if (failure.reason === reason && failure.detail === detail) return undefined
    return this.#known({ failure })
  }

  /** What is known of it, once for each changed certificate that it shows; undefined when there is nothing new. */
  certificateNews(): DeviceIdentity | undefined {
    const changed = this.#pin?.changed
    if (changed?.offered === this.#offered) return undefined
    this.#offered = changed?.offered
    return this.#known({})
  }
  /** Trusts the certificate that it shows. @returns false when it shows another */
  acceptCertificate(fingerprint: string): boolean {
    return this.#pin?.accept(fingerprint) ?? false
  }

  #known(more: Pick<DeviceIdentity, 'failure'>): DeviceIdentity {
    const certificate = this.#pin?.changed
    const { certificate: _, ...known } = this.#identity ?? { device: this.id, at: 0 }
    return { ...known, at: this.#clock.now(), ...more, ...(certificate && { certificate }) }
  }

  #failureOf({ reason, message }: OnvifFault): NonNullable<DeviceIdentity['failure']> {
    return { reason, detail: this.#mask(message).slice(0, 256) }
  }

  /** @param until instant by which the answer or the error is there. @throws OnvifFault */
  presets(until: number): Promise<Preset[]> {
    return this.#withPtz(until, (ptz) => listPresets(this.#own, ptz, until))
  }
  gotoPreset(preset: string, until: number): Promise<void> {
    return this.#withPtz(until, (ptz) => gotoPreset(this.#own, ptz, preset, until))
  }

  ptzStatus(until: number): Promise<PtzStatus> {
    return this.#withPtz(until, (ptz) => readStatus(this.#own, ptz, until))
  }
  /** A picture of now, JPEG. @throws OnvifFault */
  async snapshot(until: number): Promise<Buffer> {
    try {
      this.#snapshotPath ??= await findSnapshot(this.#own, until)
      return await takeSnapshot(this.#own, this.#snapshotPath, until)
    } finally {
      this.#own.close()
    }
  }

  /** What was asked, what came back, what comes next. Whatever a camera repeats of a secret is masked. */
  explain(nextAt: number | null): Omit<Explanation, 'blind'> {
    const { assigned } = this
    const { scheme, ...device } = this.#own.login
    const { limits, slowMs, clockMs, authenticateEvery, describeEvery } = this.#policy
    const { deadlineMs: timeoutMs, connectMs, maxBytes } = limits
    /** What the camera said may repeat what it was sent. */
    const told = (detail: string | undefined) =>
      detail === undefined ? {} : { detail: this.#mask(detail).slice(0, 1_024) }
    return {
      device: assigned.id,
      at: this.#clock.now(),
      xaddr: this.#mask(assigned.xaddr),
      host: this.host,
      moved: this.#moved !== undefined,
      schedule: { every: this.every, nextAt, wrong: this.#wrong, dead: this.#dead },
      policy: { timeoutMs, connectMs, maxBytes, slowMs, clockMs, authenticateEvery, describeEvery },
      credential: {
        name: assigned.credential,
        configured: this.#credential !== undefined,
        scheme,
        device,
        stream: this.rtsp.login,
      },
      clockOffsetMs: this.#own.clockOffsetMs,
      rungs: this.#ladder.explain().map(({ detail, ...rung }) => ({ ...rung, ...told(detail) })),
      probes: this.#recent.toReversed().map(({ detail, ...result }) => ({ ...result, ...told(detail) })),
      ...this.#recorder.read(),
    }
  }

  /** Gives up what is under way. */
  stop(): void {
    this.#stopped = true
    this.#close()
  }

  #close(): void {
    this.#own.close()
    this.#moved?.close()
    this.rtsp.close()
  }

  /**
   * Climbs the ladder. What may be due to the gateway's own lateness gives no verdict: the camera is asked again at once.
   * @param all every rung at once, and not those alone that are due.
   */
  async probe(all = false): Promise<Probed> {
    for (let again = 0; ; again++) {
      const probed = await this.#probeOnce(all)
      if (!probed.doubtful || again === againMost || this.#stopped) return probed
    }
  }

  async #probeOnce(all: boolean): Promise<Probed> {
    const startedAt = this.#clock.now()
    const vitalOnly = this.#moved !== undefined
    const climbed = await this.#ladder.climb(this, { all, vitalOnly })
    const { health, detail, values, changed, stale } = climbed
    const judged = judgeProbe(health, vitalOnly ? [] : this.#ladder.slow, this.#policy)
    const failed = 'fault' in health
    const doubtful = ofTime.includes(judged.reason) && this.#wasLate(startedAt)
    // Not there either: the assigned address is probed again, until discovery sees it elsewhere.
    if (failed && !doubtful) this.#moved = undefined
    const ms = failed ? this.#clock.now() - startedAt : health.ms
    const next = doubtful ? onGrid(this.#pace, this.#clock.now() + 1) : this.#count(judged, startedAt)
    const observation: Observation = {
      device: this.id,
      at: startedAt,
      kind: 'probe',
      ...judged,
      every: nominalPeriod(this.#pace, { wrong: this.#wrong, dead: this.#dead }, this.#policy.limits.deadlineMs),
      ms,
      ...(values && { values }),
    }
    if (doubtful) return { observation, next, changed, stale, doubtful, pictureForgotten: false }
    this.#remember(observation, detail)
    return { observation, next, changed, stale, doubtful, pictureForgotten: failed && this.#ladder.forgetUnprobed() }
  }

  async #withPtz<T>(until: number, work: (ptz: PtzAddress) => Promise<T>): Promise<T> {
    try {
      this.#ptz ??= await findPtz(this.#own, until)
      return await work(this.#ptz)
    } finally {
      this.#own.close()
    }
  }

  #count(judged: Judged, startedAt: number): number {
    const agrees = judged.verdict === this.#last?.verdict
    const wrong = judged.verdict === 'fail' || judged.verdict === 'degraded'
    this.#wrong = wrong ? (agrees ? this.#wrong + 1 : 1) : 0
    this.#dead = judged.verdict === 'fail' ? this.#dead + 1 : 0
    this.#last = judged
    return nextProbe(this.#pace, { startedAt, endedAt: this.#clock.now(), wrong: this.#wrong, dead: this.#dead })
  }

  #remember({ at, ms = 0, verdict, rung, reason }: Observation, faultDetail: string | undefined): void {
    const detail = faultDetail ?? (reason && this.#ladder.detailOf(reason))
    const result = reason
      ? { at, ms, verdict, rung, reason, ...(detail !== undefined && { detail }) }
      : { at, ms, verdict, rung }
    this.#recent = keepLast(this.#recent, result, resultsKept)
  }
}

type SessionParts = {
  clock: Clock
  policy: CameraPolicy
  credential?: Credential | undefined
  budget?: LoginBudget | undefined
  pin?: CertificatePin | undefined
  recorder: ExchangeRecorder
}

function sessionAt(xaddr: string, { policy, pin, ...parts }: SessionParts): CameraSession {
  const { path, ...target } = targetOf(xaddr)
  const trusts = pin && ((fingerprint: string) => pin.check(fingerprint))
  return new CameraSession({ ...parts, target: { ...target, trusts }, path, limits: policy.limits })
}

function targetOf(xaddr: string): { host: string; port: number; tls: boolean; path: string } {
  const { protocol, hostname, port, pathname, search } = new URL(xaddr)
  const tls = protocol === 'https:'
  const host = hostname.replace(/^\[|\]$/g, '')
  return { host, port: Number(port) || (tls ? 443 : 80), tls, path: pathname + search }
}
