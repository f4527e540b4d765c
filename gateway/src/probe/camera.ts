/** One assigned camera: its sessions, the rungs of its ladder and what they said last, and when it is looked at next. */
import type { AssignedCamera, DeviceIdentity, Explanation, Observation, Reason, Rung } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import {
  CameraSession,
  type Credential,
  type DeviceInformation,
  deviceInformation,
  ExchangeRecorder,
  type Limits,
  type Mask,
  maskOf,
  OnvifFault,
  type PtzAddress,
} from '../onvif/index.ts'
import type { PictureSubject, PictureVerdict } from './picture/index.ts'
import { RtspProbe } from './rtsp.ts'
import { nextLook, type Pace, paceOf, spread } from './schedule.ts'
import type { StreamDescription } from './sdp.ts'
import { type Judged, judgeLook, type SlowRung, type VerdictPolicy } from './verdict.ts'

export type LadderPolicy = VerdictPolicy & {
  limits: Limits
  /** The authenticated rung is asked with every n-th look, and that of the stream with every n-th. */
  authenticateEvery: number
  describeEvery: number
  /**
   * A resolution that is changed at the camera need not show in a look, so it is identified again after this, milliseconds. From half of it
   * to one and a half: a fleet that was identified together parts.
   */
  identifyAgainMs: number
}

const recentLooks = 5

type Asked = SlowRung & {
  every: number
  looks: number
  detail: string | undefined
}

export class Camera {
  readonly assigned: AssignedCamera
  readonly pace: Pace
  /** Serial number of the appointment in force: an older one in the wheel is void. */
  appointment = 0
  dueAt = 0
  /** What is known of it; undefined until it was identified at this address. */
  identity: DeviceIdentity | undefined
  ptz: PtzAddress | undefined
  /** When its picture is due. */
  pictureAt = Number.POSITIVE_INFINITY
  /** An identification that failed is not tried again before this instant. */
  identifyAfter = 0
  /** When it is identified again though nothing points to a change: not all of it shows in a look. */
  identifyAgainAt = Number.POSITIVE_INFINITY
  recent: Explanation['looks'] = []
  readonly #clock: Clock
  readonly #policy: LadderPolicy
  readonly #session: CameraSession
  /** Where its endpoint was seen after it fell silent here. No login is sent there before an operator has assigned it. */
  #moved: CameraSession | undefined
  readonly #recorder: ExchangeRecorder
  readonly #mask: Mask
  readonly #credential: Credential | undefined
  readonly #slow: Asked[]
  readonly #rtsp: RtspProbe
  #last: Judged | undefined
  #wrong = 0
  #dead = 0
  /** The last picture was wrong. */
  #doubtful = false
  /** Mark of the stream's last description. */
  #described: number | undefined
  /** What it says of itself, or of its stream, is not what it said before. */
  onChanged: (what: object) => void = () => {}

  constructor(options: {
    assigned: AssignedCamera
    credential: Credential | undefined
    clock: Clock
    policy: LadderPolicy
    pin?: string | undefined
  }) {
    const { assigned, credential, clock, policy } = options
    this.assigned = assigned
    this.pace = paceOf(assigned.id, assigned.every)
    this.#clock = clock
    this.#policy = policy
    this.#mask = maskOf(credential)
    this.#credential = credential
    const recorder = new ExchangeRecorder(clock, this.#mask)
    this.#recorder = recorder
    this.#session = sessionAt(assigned.xaddr, { clock, policy, credential, recorder, pin: options.pin })
    const { host } = this.#session.target
    this.#rtsp = new RtspProbe({ clock, credential, recorder, host, limits: policy.limits })
    const { authenticateEvery, describeEvery } = policy
    // Cameras that are assigned together do not all ask for their streams together.
    const asked = Math.floor(spread(assigned.id) * describeEvery)
    this.#slow = [
      { rung: 'authenticated', said: 'nothing', every: authenticateEvery, looks: 0, detail: undefined },
      { rung: 'describes', said: 'nothing', every: describeEvery, looks: asked, detail: undefined },
      // Takes seconds and a decoder: it is asked beside the looks, and says what it found.
      { rung: 'decodes', said: 'nothing', every: 0, looks: 0, detail: undefined },
    ]
  }

  get session(): CameraSession {
    return this.#session
  }
  /** Address that is looked at now. */
  get host(): string {
    return (this.#moved ?? this.#session).target.host
  }
  get failing(): boolean {
    return this.#dead > 0
  }

  /** Whether its stream is there to be looked at. */
  get picturable(): boolean {
    const describes = this.#slow.find(({ rung }) => rung === 'describes')?.said
    return (
      this.identity?.streamUri !== undefined &&
      !this.failing &&
      !this.#moved &&
      (describes === 'pass' || describes === 'nothing')
    )
  }
  get pictureSubject(): PictureSubject {
    return { host: this.host, streamUri: this.identity!.streamUri!, credential: this.#credential }
  }

  /**
   * A wrong picture may be of a camera that was just losing its power or its network. It counts when the next one is wrong too, or when
   * an operator `asked` for it; until then the picture is in doubt.
   */
  notePicture({ said, detail }: PictureVerdict, asked: boolean): 'right' | 'doubtful' | 'wrong' {
    const wrong = said !== 'pass'
    const refused = said === 'unauthorised'
    // One login, one count of its tries.
    if (refused) {
      this.#rtsp.countRefusal()
      this.#doubtLogin()
    }
    const counts = !wrong || this.#doubtful || asked
    this.#doubtful = wrong
    if (!counts) return 'doubtful'
    this.note(refused ? 'describes' : 'decodes', said, detail)
    return wrong ? 'wrong' : 'right'
  }

  /** An operator asks. */
  allowAnotherTry(): void {
    this.#session.allowAnotherTry()
    this.#rtsp.allowAnotherTry()
  }

  /** Its endpoint was seen at an address that is trusted. Returns whether a look at once is worth it. */
  seenAt(xaddr: string): boolean {
    const { hostname } = new URL(xaddr)
    if (!this.failing) return false
    this.#moved =
      hostname === this.#session.target.host
        ? undefined
        : sessionAt(xaddr, { clock: this.#clock, policy: this.#policy, recorder: this.#recorder })
    return true
  }

  /** What was asked, what came back, what comes next. Whatever a camera repeats of a secret is masked. */
  explain(): Omit<Explanation, 'blind'> {
    const { assigned, pace, dueAt, recent } = this
    const { scheme, ...device } = this.#session.login
    const { limits, slowMs, clockMs, authenticateEvery, describeEvery } = this.#policy
    const { deadlineMs: timeoutMs, connectMs, maxBytes } = limits
    /** What the camera said may repeat what it was sent. */
    const told = (detail: string | undefined) =>
      detail === undefined ? {} : { detail: this.#mask(detail).slice(0, 1_024) }
    return {
      ...{ device: assigned.id, at: this.#clock.now(), xaddr: this.#mask(assigned.xaddr), host: this.host },
      moved: this.#moved !== undefined,
      schedule: { every: pace.every, nextAt: dueAt || null, wrong: this.#wrong, dead: this.#dead },
      policy: { timeoutMs, connectMs, maxBytes, slowMs, clockMs, authenticateEvery, describeEvery },
      credential: {
        ...{ name: assigned.credential, configured: this.#credential !== undefined, scheme },
        ...{ device, stream: this.#rtsp.login },
      },
      clockOffsetMs: this.#session.clockOffsetMs,
      rungs: this.#slow.map(({ rung, said, detail, every, looks }) => ({
        ...{ rung, said, every, in: Math.max(0, every - looks) },
        ...told(detail),
      })),
      looks: recent.toReversed().map(({ detail, ...look }) => ({ ...look, ...told(detail) })),
      ...this.#recorder.look(),
    }
  }

  /** Gives up what is under way. */
  stop(): void {
    this.#session.close()
    this.#moved?.close()
    this.#rtsp.close()
  }

  /** Records what a slower rung said outside a look. */
  note(rung: Rung, said: 'pass' | Reason, detail?: string): void {
    const slow = this.#slow.find((r) => r.rung === rung)
    if (slow) say(slow, said, detail)
  }

  /**
   * Climbs the ladder: health always, the slower rungs when they are due, or all of them.
   * @returns the observation, and when the next look is due.
   */
  async look(all = false): Promise<{ observation: Observation; next: number }> {
    const startedAt = this.#clock.now()
    const session = this.#moved ?? this.#session
    let fault: OnvifFault | undefined
    let clockOffsetMs: number | null = null
    try {
      clockOffsetMs = await session.readClock()
    } catch (error) {
      fault = faultFrom(error)
    }
    const ms = this.#clock.now() - startedAt
    if (!fault && !this.#moved) await this.#climb(all)
    const judged = judgeLook(fault ? { fault } : { ms, clockOffsetMs }, this.#moved ? [] : this.#slow, this.#policy)
    // Not there either: the assigned address is looked at again, until discovery sees it elsewhere.
    if (fault) this.#moved = undefined
    if (fault) this.#forgetPicture()
    const next = this.#count(judged, startedAt)
    const observation: Observation = {
      device: this.assigned.id,
      at: startedAt,
      kind: 'probe',
      ...judged,
      // The next look may itself take a whole deadline before it is told.
      every: Math.max(next - startedAt, Math.ceil(this.#policy.limits.deadlineMs / 2), 100),
      ms,
      ...(clockOffsetMs !== null && { values: { clockOffsetMs } }),
    }
    this.#remember(observation, fault)
    return { observation, next }
  }

  #canAsk({ rung, said }: Asked, all: boolean): boolean {
    // The identification says it first: that is rate-limited for a whole fleet.
    if (rung === 'authenticated') return all || said !== 'nothing'
    return rung === 'describes' && this.identity?.streamUri !== undefined
  }

  async #ask({ rung }: Asked): Promise<void> {
    if (rung === 'authenticated') await this.#authenticate()
    else await this.#describe()
  }

  async #describe(): Promise<void> {
    const { triesLeft } = this.#rtsp.login
    try {
      this.#compare(await this.#rtsp.describe(this.identity!.streamUri!))
    } finally {
      if (this.#rtsp.login.triesLeft < triesLeft) this.#doubtLogin()
    }
  }

  /**
   * The stream refused the login. If the password was changed, ONVIF would refuse it too, and two tries there after two here lock an
   * account that takes three: it counts as one of ONVIF's, and ONVIF is asked before the stream is again. An account that ONVIF takes
   * begins its count anew; ONVIF that wants no login has none.
   */
  #doubtLogin(): void {
    if (this.#session.login.scheme !== null) this.#session.countRefusal()
    const authenticated = this.#slow.find(({ rung }) => rung === 'authenticated')!
    authenticated.looks = authenticated.every
  }

  /** Codec, frame rate and, by its parameter sets, resolution of the stream: another one than before is worth an identification. */
  #compare({ codec, fps, parameterSets }: StreamDescription): void {
    const sets = parameterSets.map((set) => set.toString('base64')).join()
    const described = spread(`${codec} ${fps} ${sets}`)
    const before = this.#described
    this.#described = described
    if (before === undefined || before === described) return
    this.identifyAfter = 0
    this.onChanged({ codec, fps })
  }

  async #climb(all: boolean): Promise<void> {
    for (const slow of this.#slow) {
      slow.looks++
      const faulty = slow.said !== 'pass' && slow.said !== 'nothing'
      if ((all || faulty || slow.looks >= slow.every) && this.#canAsk(slow, all)) {
        slow.looks = 0
        try {
          await this.#ask(slow)
          say(slow, 'pass')
        } catch (error) {
          const { reason, message } = faultFrom(error)
          // Its stream may be at another address since it was set up anew.
          if (reason === 'no-stream' && slow.said === 'pass') this.identifyAgainAt = 0
          if (reason !== 'gateway-network') say(slow, reason, message)
        }
      }
      if (slow.said !== 'pass') return
    }
  }

  /** What was wrong with the picture of a camera that has been away is asked anew when it is back. */
  #forgetPicture(): void {
    const picture = this.#slow.find(({ rung }) => rung === 'decodes')!
    if (picture.said === 'pass' || picture.said === 'nothing') return
    say(picture, 'nothing')
    this.pictureAt = this.#clock.now()
  }

  async #authenticate(): Promise<void> {
    try {
      const information = await deviceInformation(this.#session)
      const { identity } = this
      const differs = (key: keyof DeviceInformation) => information[key] !== identity?.[key]
      if (!identity || !(['manufacturer', 'model', 'firmware', 'serial'] as const).some(differs)) return
      this.identifyAfter = 0
      this.onChanged(information)
    } finally {
      this.#session.close()
    }
  }

  #count(judged: Judged, startedAt: number): number {
    const agrees = judged.verdict === this.#last?.verdict
    const wrong = judged.verdict === 'fail' || judged.verdict === 'degraded'
    this.#wrong = wrong ? (agrees ? this.#wrong + 1 : 1) : 0
    this.#dead = judged.verdict === 'fail' ? this.#dead + 1 : 0
    this.#last = judged
    return nextLook(this.pace, { startedAt, endedAt: this.#clock.now(), wrong: this.#wrong, dead: this.#dead })
  }

  #remember({ at, ms = 0, verdict, rung, reason }: Observation, fault: OnvifFault | undefined): void {
    const detail = fault?.message ?? this.#slow.find((slow) => slow.said === reason)?.detail
    const look = reason
      ? { at, ms, verdict, rung, reason, ...(detail !== undefined && { detail }) }
      : { at, ms, verdict, rung }
    // An array of its own size: one that grows keeps room for a dozen more.
    this.recent = [...this.recent.slice(1 - recentLooks), look]
  }
}

function say(slow: Asked, said: SlowRung['said'], detail?: string): void {
  slow.said = said
  slow.detail = detail
}

/** Anything else than an OnvifFault is a defect of ours: it must not be told as the camera's. */
function faultFrom(error: unknown): OnvifFault {
  if (error instanceof OnvifFault) return error
  throw error
}

type SessionParts = {
  clock: Clock
  policy: LadderPolicy
  credential?: Credential | undefined
  pin?: string | undefined
  recorder: ExchangeRecorder
}

function sessionAt(xaddr: string, { clock, policy, credential, pin, recorder }: SessionParts): CameraSession {
  const url = new URL(xaddr)
  const tls = url.protocol === 'https:'
  return new CameraSession({
    clock,
    credential,
    recorder,
    target: { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || (tls ? 443 : 80), tls, pin },
    path: url.pathname + url.search,
    limits: policy.limits,
  })
}
