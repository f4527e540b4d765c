/** Looks at every assigned camera at its own pace, and does what an operator asks of one. A thin shell around `Camera`. */
import {
  type AssignedCamera,
  type DeviceIdentity,
  type Explanation,
  type FoundDevice,
  HubError,
  type Observation,
} from '@hub/contracts'
import type { Clock, Log } from '@hub/platform'
import {
  type CameraSession,
  type Credential,
  findPtz,
  gotoPreset,
  identify,
  type Limits,
  listPresets,
  OnvifFault,
  type Preset,
} from '../onvif/index.ts'
import { Camera, type LadderPolicy } from './camera.ts'
import { Lanes } from './lanes.ts'
import { createPictures, type PicturePolicy } from './picture/index.ts'
import { firstLook, spread } from './schedule.ts'
import { TimingWheel } from './wheel.ts'

export type ProbeConfig = {
  /** For one call, milliseconds. */
  timeoutMs: number
  /** Calls under way that are not slow. */
  concurrency: number
  /** The rung `decodes`; off when absent. */
  pictures?: PicturePolicy
}

export type ProberOptions = {
  clock: Clock
  log: Log
  config: ProbeConfig
  /** Logins by the name that assignments use. */
  credentials: Readonly<Record<string, Credential>>
  /** Resolves when the observation is spooled. */
  emit(observation: Observation): Promise<void>
  onIdentified(identity: DeviceIdentity): void
  /** Whether the gateway's own network is down: then no camera is asked and every look is blind. */
  isBlind?: () => boolean
  /** SHA-256 fingerprints of certificates, hex, by device: any certificate is accepted from the others. */
  pins?: Readonly<Record<string, string>>
  policy?: Partial<LadderPolicy>
}

export type ProberStats = {
  cameras: number
  looks: number
  running: number
  parked: number
  waiting: number
  /** Looks by lateness of their start: the n-th counts those below 2^n × 25 ms, the last all others. */
  lateness: readonly number[]
}

export interface Prober {
  /** Puts a whole list in force; cameras that are the same as before keep their rhythm. */
  assign(cameras: readonly AssignedCamera[]): void
  /** All rungs at once; gives a refused credential one more try. @throws HubError device.unknown */
  probeNow(id: string): Promise<Observation>
  /** Also gives a refused credential one more try. @throws HubError device.unknown, command.failed */
  identify(id: string): Promise<DeviceIdentity>
  /** Within 2 s. @throws HubError device.unknown, command.failed */
  ptzPresets(id: string): Promise<Preset[]>
  ptzGoto(id: string, preset: string): Promise<void>
  /** Another conversation with an assigned camera, over a connection of its own; undefined when it is not assigned. */
  converse(id: string, limits: Limits): CameraSession | undefined
  /** Discovery saw a device: a silent camera is looked at again at once, also at the address it has moved to. */
  seen(found: FoundDevice): void
  /** What was asked of a camera, what came back, what comes next. @throws HubError device.unknown */
  explain(id: string): Explanation
  stats(): ProberStats
  stop(): Promise<void>
}

const tickMs = 25
const latenessBuckets = 12
/** Identifications at a time: a whole fleet is identified in the background of its looks. */
const identifying = 16
/** A fleet's first pictures are spread over this much for each camera, one period at most. */
const firstPictureMs = 2_000
/** A picture that is wrong is looked at again soon. */
const wrongPictureMs = 300_000
/** What an operator waits for a picture. */
const picturePatienceMs = 6_000
const ptzMs = 2_000
/** Hello is free to send: a silent camera is looked at early at most this often. */
const hintMs = 10_000

const policyOf = ({ timeoutMs }: ProbeConfig): LadderPolicy => ({
  limits: { deadlineMs: timeoutMs, connectMs: Math.min(timeoutMs, 2_500), maxBytes: 524_288 },
  authenticateEvery: 10,
  describeEvery: 20,
  identifyAgainMs: 4 * 3_600_000,
  slowMs: Math.min(2_000, timeoutMs / 2),
  clockMs: 30_000,
})

export function createProber(options: ProberOptions): Prober {
  const { clock, log, config, credentials, isBlind = () => false, pins = {} } = options
  const policy = { ...policyOf(config), ...options.policy }
  const cameras = new Map<string, Camera>()
  const byEndpoint = new Map<string, Camera>()
  /** Null: two cameras say the same. */
  const bySerial = new Map<string, Camera | null>()
  const pictures = config.pictures && createPictures({ clock, log, policy: config.pictures })
  const wheel = new TimingWheel<{ camera: Camera; appointment: number }>(tickMs, clock.now())
  const lanes = new Lanes({
    now: () => clock.now(),
    concurrency: config.concurrency,
    parkAfterMs: 250,
    maxParked: 4_096,
  })
  const toIdentify = new Set<Camera>()
  const lateness = new Array<number>(latenessBuckets).fill(0)
  const underWay = new Set<Promise<unknown>>()
  let identifyingNow = 0
  let looks = 0
  let stopped = false

  const alive = (camera: Camera) => !stopped && cameras.get(camera.assigned.id) === camera

  function schedule(camera: Camera, at: number): void {
    if (!alive(camera)) return
    camera.appointment++
    camera.dueAt = at
    wheel.add(at, { camera, appointment: camera.appointment })
  }

  /** Keeps work in sight until it ends, and tells a defect of ours as such. */
  function inBackground(work: Promise<unknown>, id: string): void {
    const kept = work
      .catch((err: unknown) => log.error({ err, device: id }, 'a look could not be finished'))
      .finally(() => underWay.delete(kept))
    underWay.add(kept)
  }

  /** Ends with the look: what the spool takes to store it must not hold the camera's place. */
  async function look(camera: Camera, all = false): Promise<Observation> {
    looks++
    const blind = isBlind()
    const { observation, next } = blind ? blindLook(camera, clock.now()) : await camera.look(all)
    schedule(camera, next)
    if (alive(camera) || all) inBackground(options.emit(observation), camera.assigned.id)
    if (answered(observation) && (!camera.identity || camera.identifyAgainAt <= clock.now())) wantIdentity(camera)
    if (!blind && camera.pictureAt <= clock.now() && camera.picturable)
      inBackground(takePicture(camera), camera.assigned.id)
    return observation
  }

  async function takePicture(camera: Camera, asked = false): Promise<void> {
    if (!pictures || pictures.off || !config.pictures) return
    camera.pictureAt = Number.POSITIVE_INFINITY
    const verdict = await pictures.look(camera.pictureSubject)
    const standing = verdict ? camera.notePicture(verdict, asked) : 'right'
    // A doubtful one is taken again when the looks have had the time to tell whether the camera is there at all.
    const soon = { right: Number.POSITIVE_INFINITY, doubtful: 2 * camera.pace.every, wrong: wrongPictureMs }
    camera.pictureAt = clock.now() + Math.min(soon[standing], config.pictures.everyMs)
  }

  function tick(): void {
    const now = clock.now()
    for (const { camera, appointment } of wheel.due(now)) {
      if (!alive(camera) || camera.appointment !== appointment) continue
      inBackground(
        lanes.run(camera.host, () => startDue(camera, appointment)),
        camera.assigned.id,
      )
    }
    lanes.tick()
  }

  async function startDue(camera: Camera, appointment: number): Promise<void> {
    // Another look, asked for by an operator, may have come before.
    if (!alive(camera) || camera.appointment !== appointment) return
    const late = Math.max(0, clock.now() - camera.dueAt)
    lateness[Math.min(latenessBuckets - 1, Math.max(0, Math.ceil(Math.log2((late + 1) / tickMs))))]!++
    try {
      await look(camera)
    } catch (error) {
      schedule(camera, clock.now() + camera.pace.every)
      throw error
    }
  }

  function wantIdentity(camera: Camera): void {
    const now = clock.now()
    if (camera.session.locked || now < camera.identifyAfter) return
    camera.identifyAfter = now + policy.authenticateEvery * camera.pace.every
    toIdentify.add(camera)
    identifyWaiting()
  }

  function identifyWaiting(): void {
    for (const camera of toIdentify) {
      if (identifyingNow >= identifying || stopped) return
      toIdentify.delete(camera)
      identifyingNow++
      const work = lanes
        .run(camera.host, async () => (alive(camera) ? learn(camera) : undefined))
        .catch((error: unknown) => {
          if (!(error instanceof OnvifFault)) throw error
          log.debug(
            { device: camera.assigned.id, reason: error.reason, detail: error.message },
            'a camera could not be identified',
          )
        })
      const done = work.finally(() => {
        identifyingNow--
        identifyWaiting()
      })
      inBackground(done, camera.assigned.id)
    }
  }

  /** Identifies, and takes the outcome as the authenticated rung's. Throws an OnvifFault. */
  async function learn(camera: Camera): Promise<DeviceIdentity> {
    try {
      const said = await identify(camera.session)
      const now = clock.now()
      const identity: DeviceIdentity = { device: camera.assigned.id, at: now, ...said }
      if (pictures && config.pictures && !camera.identity)
        camera.pictureAt =
          now +
          spread(`${camera.assigned.id} picture`) * Math.min(config.pictures.everyMs, cameras.size * firstPictureMs)
      camera.identity = identity
      camera.identifyAgainAt = now + (0.5 + spread(`${camera.assigned.id} identity`)) * policy.identifyAgainMs
      rememberSerial(camera)
      camera.note('authenticated', 'pass')
      if (alive(camera)) options.onIdentified(identity)
      return identity
    } catch (error) {
      if (error instanceof OnvifFault && error.reason === 'unauthorised')
        camera.note('authenticated', error.reason, error.message)
      throw error
    }
  }

  function rememberSerial(camera: Camera): void {
    const serial = camera.identity?.serial
    if (!serial) return
    const before = bySerial.get(serial)
    bySerial.set(serial, before === undefined || before === camera ? camera : null)
  }

  const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))

  function known(id: string): Camera {
    const camera = cameras.get(id)
    if (!camera) throw new HubError('device.unknown', { value: id })
    return camera
  }

  /** An operator's command: goes first at its host, and ends within `ms` whatever the camera does. */
  async function command<T>(name: string, camera: Camera, ms: number, work: (until: number) => Promise<T>): Promise<T> {
    const failed = (limit: string) => new HubError('command.failed', { field: name, limit })
    const until = clock.now() + ms
    let cancel = () => {}
    // What has been told as failed must not happen after all.
    const start = () => (clock.now() < until ? work(until) : Promise.reject(failed('the camera was busy')))
    const late = new Promise<never>((_, reject) => {
      cancel = clock.after(ms, () => reject(failed(`no answer within ${ms} ms`)))
    })
    try {
      return await Promise.race([late, lanes.run(camera.host, start, true)])
    } catch (error) {
      throw error instanceof OnvifFault ? failed(error.message) : error
    } finally {
      cancel()
    }
  }

  const withPtz = <T>(name: string, id: string, work: (camera: Camera, until: number) => Promise<T>): Promise<T> => {
    const camera = known(id)
    return command(name, camera, ptzMs, async (until) => {
      try {
        camera.ptz ??= await findPtz(camera.session, until)
        return await work(camera, until)
      } finally {
        camera.session.close()
      }
    })
  }

  const cancelTick = clock.every(tickMs, tick)

  return {
    assign(list) {
      const fresh: Camera[] = []
      const before = new Map(cameras)
      cameras.clear()
      byEndpoint.clear()
      bySerial.clear()
      for (const assigned of list) {
        let camera = before.get(assigned.id)
        if (!camera || !same(camera.assigned, assigned)) {
          const credential = credentials[assigned.credential]
          if (!credential)
            log.warn(
              { device: assigned.id, credential: assigned.credential },
              'the assignment names a login that is not configured',
            )
          camera = new Camera({ assigned, credential, clock, policy, pin: pins[assigned.id] })
          const made = camera
          camera.onChanged = (what) => {
            log.info({ device: assigned.id, ...what }, 'a camera has changed: identifying it again')
            wantIdentity(made)
          }
          fresh.push(camera)
        }
        cameras.set(assigned.id, camera)
        if (assigned.endpoint) byEndpoint.set(assigned.endpoint, camera)
        rememberSerial(camera)
      }
      const now = clock.now()
      for (const camera of fresh) schedule(camera, firstLook(camera.pace, now, fresh.length))
    },
    async probeNow(id) {
      const camera = known(id)
      camera.allowAnotherTry()
      if (camera.picturable) await Promise.race([takePicture(camera, true), pause(picturePatienceMs)])
      return lanes.run(camera.host, () => look(camera, true), true)
    },
    async identify(id) {
      const camera = known(id)
      camera.allowAnotherTry()
      return command('identify', camera, 4 * policy.limits.deadlineMs, () => learn(camera))
    },
    ptzPresets: async (id) =>
      withPtz('ptz-presets', id, (camera, until) => listPresets(camera.session, camera.ptz!, until)),
    ptzGoto: async (id, preset) =>
      withPtz('ptz-goto', id, (camera, until) => gotoPreset(camera.session, camera.ptz!, preset, until)),
    converse: (id, limits) => cameras.get(id)?.session.sibling(limits),
    seen(found) {
      // An endpoint that was reset with the camera is new; the serial that it was identified by is not.
      const camera = byEndpoint.get(found.endpoint) ?? (found.serial ? bySerial.get(found.serial) : undefined)
      const [xaddr] = found.xaddrs
      if (!camera || !xaddr || found.quarantine !== 'new' || !camera.seenAt(xaddr)) return
      const now = clock.now()
      if (camera.dueAt > now + tickMs && now - (camera.recent.at(-1)?.at ?? 0) >= hintMs) schedule(camera, now)
    },
    explain: (id) => ({ ...known(id).explain(), blind: isBlind() }),
    stats: () => ({
      cameras: cameras.size,
      looks,
      running: lanes.running,
      parked: lanes.parked,
      waiting: lanes.waiting,
      lateness: [...lateness],
    }),
    async stop() {
      stopped = true
      cancelTick()
      for (const camera of cameras.values()) camera.stop()
      pictures?.stop()
      await Promise.all(underWay)
    },
  }
}

/** It is there and has not refused its login: a wrong clock, a slow answer or a lost stream is no reason not to ask what it is. */
const answered = ({ verdict, reason }: Observation): boolean =>
  verdict === 'pass' || (verdict === 'degraded' && reason !== 'unauthorised')

function blindLook(camera: Camera, now: number): { observation: Observation; next: number } {
  const { every } = camera.pace
  return {
    observation: {
      device: camera.assigned.id,
      at: now,
      kind: 'probe',
      verdict: 'blind',
      rung: 'reachable',
      reason: 'gateway-network',
      every,
    },
    next: now + every,
  }
}

const same = (a: AssignedCamera, b: AssignedCamera): boolean =>
  a.xaddr === b.xaddr && a.credential === b.credential && a.every === b.every && a.endpoint === b.endpoint
