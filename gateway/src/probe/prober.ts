/** Probes every assigned camera at its own pace, and does what an operator asks of one. Puts the parts together; each does its own. */
import {
  type AssignedCamera,
  type DeviceIdentity,
  type Explanation,
  type FoundDevice,
  HubError,
  type Observation,
} from '@hub/contracts'
import type { Clock, Log } from '@hub/platform'
import type { AssignmentChange } from '../adapters/change.ts'
import { ByKey } from '../by-key.ts'
import { twinKey } from '../discovery/twin.ts'
import { createLoginBudgets, type LoginBudgets } from '../login/index.ts'
import { type CertificatePin, type Certificates, createCertificates } from '../onvif/certificates.ts'
import type { Limits } from '../onvif/connection.ts'
import { held, OnvifFault } from '../onvif/fault.ts'
import type { Preset, PtzStatus } from '../onvif/read.ts'
import type { CameraSession, Credential } from '../onvif/session.ts'
import { AddressWatch } from './address-watch.ts'
import { Background } from './background.ts'
import { Camera, type CameraPolicy } from './camera.ts'
import { type Identification, Identifier } from './identifier.ts'
import { createPictures, type PicturePolicy } from './picture/pictures.ts'
import { type PictureRound, PictureRounds } from './picture/rounds.ts'
import type { Rung } from './rung.ts'
import { rungs as allRungs } from './rungs/index.ts'
import { FirstProbes } from './schedule.ts'
import { Scheduler, type SchedulerStats, type Slot } from './scheduler.ts'

export type ProbeConfig = {
  /** For one call, milliseconds. */
  timeoutMs: number
  /** Calls under way that are not slow. */
  concurrency: number
  /** The rung `decodes`; off when absent. */
  pictures?: PicturePolicy
}

export type ProbePolicy = CameraPolicy & {
  /**
   * A resolution that is changed at the camera need not show in a probe, so it is identified again after this, milliseconds. From half of
   * it to one and a half: a fleet that was identified together parts.
   */
  identifyAgainMs: number
}

export type ProberOptions = {
  clock: Clock
  log: Log
  config: ProbeConfig
  /** Logins by the name that assignments use. */
  credentials: Readonly<Record<string, Credential>>
  /** How many refused logins are spent at each camera. In memory alone when absent. */
  budgets?: LoginBudgets
  /** Resolves when the observation is spooled. */
  emit(observation: Observation): Promise<void>
  onIdentified(identity: DeviceIdentity): void
  /** It could not be, and not for the reason of the last time. */
  onUnidentified?: (known: DeviceIdentity) => void
  /** It is not known any more which device answers at its address. */
  onConflict?: (id: string) => void
  /** Whether the gateway's own network is down: then no camera is asked and every probe is blind. */
  isBlind?: () => boolean
  /** Whether the gateway itself was late since then; never when absent. */
  wasLate?: (since: number) => boolean
  /** SHA-256 fingerprints of certificates, hex, by device. */
  pins?: Readonly<Record<string, string>>
  /** By what the others are trusted: any certificate is accepted when absent. */
  certificates?: Certificates | undefined
  policy?: Partial<ProbePolicy>
  /** The ladder; all rungs when absent. */
  rungs?: readonly Rung[]
}

/** `doubted`: probes without a verdict, because the gateway itself was late. */
export type ProberStats = SchedulerStats & { cameras: number; probes: number; doubted: number }

export interface Prober {
  /** What is not named is not touched; of what is named, cameras that are the same as before keep their rhythm. */
  apply(change: AssignmentChange<AssignedCamera>): void
  /** All rungs at once; gives a refused credential one more try. @throws HubError device.unknown */
  probeNow(id: string): Promise<Observation>
  /** Also gives a refused credential one more try. @throws HubError device.unknown, command.failed */
  identify(id: string): Promise<DeviceIdentity>
  /** Trusts the changed certificate that it shows. @throws HubError device.unknown, command.failed when it shows another */
  acceptCertificate(id: string, fingerprint: string): Promise<void>
  /** Within 2 s. @throws HubError device.unknown, command.failed */
  ptzPresets(id: string): Promise<Preset[]>
  ptzGoto(id: string, preset: string): Promise<void>
  /** `moving` null: the camera does not say. Within 2 s. @throws HubError device.unknown, command.failed */
  ptzStatus(id: string): Promise<PtzStatus>
  /** A picture of now, JPEG. Within 6 s. @throws HubError device.unknown, command.failed */
  snapshot(id: string): Promise<{ jpeg: string }>
  /** Opens a second session with an assigned camera, over a connection of its own; undefined when it is not assigned. */
  openSession(id: string, limits: Limits): CameraSession | undefined
  /** Discovery saw a device: a silent camera is probed again at once, also at the address it has moved to. */
  seen(found: FoundDevice): void
  /** Discovery hears a device, known or not: one that answers at the address of another is in conflict with it. */
  heard(found: FoundDevice): void
  /** What was asked of a camera, what came back, what comes next. @throws HubError device.unknown */
  explain(id: string): Explanation
  stats(): ProberStats
  stop(): Promise<void>
}

/** What an operator waits for a picture. */
const picturePatienceMs = 6_000
const ptzMs = 2_000
/** Hello is free to send: a silent camera is probed early at most this often. */
const hintMs = 10_000

const policyOf = ({ timeoutMs }: ProbeConfig): ProbePolicy => ({
  limits: { deadlineMs: timeoutMs, connectMs: Math.min(timeoutMs, 2_500), maxBytes: 524_288 },
  authenticateEvery: 10,
  describeEvery: 20,
  identifyAgainMs: 4 * 3_600_000,
  slowMs: Math.min(2_000, timeoutMs / 2),
  clockMs: 30_000,
})

/** A camera, and what each part keeps of it. */
class Member {
  readonly camera: Camera
  readonly slot: Slot<Member>
  readonly identification: Identification
  readonly round: PictureRound
  /** That it is known by. */
  serial: string | undefined

  constructor(camera: Camera, parts: Parts) {
    this.camera = camera
    this.slot = parts.scheduler.add(this)
    this.identification = parts.identifier.add(this)
    this.round = parts.rounds.add(camera)
  }

  get id(): string {
    return this.camera.id
  }
  get host(): string {
    return this.camera.host
  }
  get ownHost(): string {
    return this.camera.ownHost
  }
  get every(): number {
    return this.camera.every
  }
  get canLogIn(): boolean {
    return this.camera.canLogIn
  }
  get incomplete(): boolean {
    return this.camera.incomplete
  }
}
type Parts = {
  scheduler: Scheduler<Member>
  identifier: Identifier<Member, DeviceIdentity>
  rounds: PictureRounds<Camera>
}

export function createProber(options: ProberOptions): Prober {
  const { clock, log, config, credentials, rungs = allRungs, isBlind = () => false, pins = {} } = options
  const policy = { ...policyOf(config), ...options.policy }
  const budgets = options.budgets ?? createLoginBudgets({ clock })
  const members = new Map<string, Member>()
  const byEndpoint = new ByKey<Member>()
  const bySerial = new ByKey<Member>()
  const addresses = new AddressWatch<Member>()
  const unwritten = createCertificates({ clock, log })
  const firstProbes = new FirstProbes()
  const pictures = config.pictures && createPictures({ clock, log, policy: config.pictures })
  const background = new Background(log)
  const scheduler = new Scheduler<Member>({ clock, background, concurrency: config.concurrency, run: probeDue })
  const identifier = new Identifier<Member, DeviceIdentity>({
    clock,
    log,
    background,
    atHost: (host, work) => scheduler.atHost(host, work),
    identify: identifyMember,
    retryAfterProbes: policy.authenticateEvery,
    againMs: policy.identifyAgainMs,
  })
  const rounds = new PictureRounds<Camera>(clock, config.pictures?.everyMs ?? 0)
  const parts: Parts = { scheduler, identifier, rounds }
  let probes = 0
  let doubted = 0

  async function probeDue({ item }: Slot<Member>): Promise<void> {
    try {
      await probe(item)
    } catch (error) {
      scheduler.schedule(item.slot, clock.now() + item.every)
      throw error
    }
  }

  /** Ends with the probe: what the spool takes to store it must not hold the camera's place. */
  async function probe(member: Member, all = false): Promise<Observation> {
    const { camera, slot, identification, round } = member
    probes++
    if (isBlind() || camera.inConflict) {
      const now = clock.now()
      const observation = blindObservation(camera, now)
      scheduler.schedule(slot, now + camera.every)
      if (slot.active || all) background.run(options.emit(observation), camera.id)
      return observation
    }
    const { observation, next, changed, stale, pictureForgotten, doubtful } = await camera.probe(all)
    // Nobody knows any more who has answered.
    if (camera.inConflict) return probe(member, all)
    scheduler.schedule(slot, next)
    if (doubtful) {
      doubted++
      return observation
    }
    if (slot.active || all) background.run(options.emit(observation), camera.id)
    const certificate = camera.certificateNews()
    if (certificate && slot.active) options.onUnidentified?.(certificate)
    if (stale) identifier.stale(identification)
    if (changed) {
      log.info({ device: camera.id, ...changed }, 'a camera has changed: identifying it again')
      identifier.changed(identification)
    }
    if (hasAnswered(observation)) identifier.answered(identification)
    if (pictureForgotten) rounds.again(round)
    if (rounds.isDue(round)) background.run(rounds.take(round), camera.id)
    return observation
  }

  async function identifyMember(member: Member): Promise<DeviceIdentity> {
    const identity = await member.camera.identify().catch((error: unknown) => {
      const known = error instanceof OnvifFault ? member.camera.unidentified(error) : undefined
      if (known && member.slot.active) options.onUnidentified?.(known)
      throw error
    })
    if (isAnothers(member, identity.serial)) throw held('authenticated')
    if (!member.identification.known) rounds.begin(member.round, members.size)
    rememberSerial(member)
    if (member.slot.active) options.onIdentified(identity)
    return identity
  }

  /** What answers at its address says the serial of another, which it did not say before: they have changed places. */
  function isAnothers(member: Member, serial: string | undefined): boolean {
    if (!serial || member.serial === undefined || serial === member.serial) return false
    const other = bySerial.single(serial)
    if (!other || other.ownHost === member.ownHost) return false
    for (const each of addresses.heard(other, member.ownHost).begun) beginConflict(each)
    return true
  }

  function rememberSerial(member: Member): void {
    const serial = member.camera.identity?.serial
    if (!serial || !isIn(member) || serial === member.serial) return
    if (member.serial) bySerial.remove(member.serial, member)
    member.serial = serial
    bySerial.add(serial, member)
  }

  const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))

  function known(id: string): Member {
    const member = members.get(id)
    if (!member) throw new HubError('device.unknown', { value: id })
    return member
  }

  function memberOf(assigned: AssignedCamera): Member {
    const { id, credential: name } = assigned
    const credential = credentials[name]
    if (!credential) log.warn({ device: id, credential: name }, 'the assignment names a login that is not configured')
    return new Member(
      new Camera({
        assigned,
        credential,
        budgets,
        clock,
        policy,
        pin: pinOf(assigned),
        pictures,
        rungs,
        wasLate: options.wasLate,
      }),
      parts,
    )
  }

  /** Approved anew at another endpoint it is another camera. */
  function pinOf({ id, xaddr, endpoint }: AssignedCamera): CertificatePin | undefined {
    if (!xaddr.startsWith('https:')) return undefined
    const trust = options.certificates ?? (pins[id] === undefined ? undefined : unwritten)
    return trust?.of(`${id} ${endpoint ?? new URL(xaddr).hostname}`, pins[id])
  }

  /** One that was taken away while it was asked is not. */
  const isIn = (member: Member): boolean => members.get(member.id) === member

  function remove(member: Member): void {
    members.delete(member.id)
    const { endpoint } = member.camera.assigned
    if (endpoint) byEndpoint.remove(endpoint, member)
    if (member.serial) bySerial.remove(member.serial, member)
    for (const other of addresses.remove(member)) endConflict(other)
    scheduler.remove(member.slot)
    identifier.remove(member.identification)
  }

  function beginConflict({ camera, slot, id }: Member): void {
    log.warn({ device: id }, 'another device may answer at its address: it is unknown, and no login is sent')
    camera.setConflict(true)
    options.onConflict?.(id)
    scheduler.hasten(slot)
  }
  function endConflict({ camera, slot, id, identification }: Member): void {
    log.info({ device: id }, 'it answers at its own address')
    camera.setConflict(false)
    scheduler.hasten(slot)
    identifier.changed(identification)
  }

  /** An operator's command: goes first at its host, and ends within `ms` whatever the camera does. */
  async function command<T>(name: string, member: Member, ms: number, work: (until: number) => Promise<T>): Promise<T> {
    const failed = (limit: string) => new HubError('command.failed', { field: name, limit })
    const until = clock.now() + ms
    let cancel = () => {}
    // What was reported as failed must not happen after all.
    const start = () => (clock.now() < until ? work(until) : Promise.reject(failed('the camera was busy')))
    const late = new Promise<never>((_, reject) => {
      cancel = clock.after(ms, () => reject(failed(`no answer within ${ms} ms`)))
    })
    try {
      return await Promise.race([late, scheduler.atHost(member.host, start, true)])
    } catch (error) {
      throw error instanceof OnvifFault ? failed(error.message) : error
    } finally {
      cancel()
    }
  }

  return {
    apply({ put, drop }) {
      for (const id of drop) {
        const gone = members.get(id)
        if (gone) remove(gone)
      }
      const fresh: Member[] = []
      for (const assigned of put) {
        const before = members.get(assigned.id)
        if (before && same(before.camera.assigned, assigned)) continue
        if (before) remove(before)
        const member = memberOf(assigned)
        members.set(assigned.id, member)
        if (assigned.endpoint) byEndpoint.add(assigned.endpoint, member)
        addresses.add(member)
        fresh.push(member)
      }
      const at = firstProbes.of(fresh.length, clock.now())
      for (const { slot, camera } of fresh) scheduler.schedule(slot, at(camera.pace))
    },
    async probeNow(id) {
      const member = known(id)
      const { camera, round } = member
      camera.allowAnotherTry()
      if (camera.picturable) await Promise.race([rounds.take(round, true), pause(picturePatienceMs)])
      return scheduler.atHost(camera.host, () => probe(member, true), true)
    },
    async identify(id) {
      const member = known(id)
      // An operator knows better which device stands there.
      if (addresses.settle(member)) endConflict(member)
      member.camera.allowAnotherTry()
      const ms = 4 * policy.limits.deadlineMs
      return command('identify', member, ms, () => identifier.now(member.identification))
    },
    async acceptCertificate(id, fingerprint) {
      const { camera, identification, slot } = known(id)
      if (!camera.acceptCertificate(fingerprint.toLowerCase())) {
        const limit = 'the camera does not show this certificate, or its configuration names another'
        throw new HubError('command.failed', { field: 'accept-certificate', limit })
      }
      scheduler.hasten(slot)
      identifier.changed(identification)
    },
    ptzPresets: async (id) => {
      const member = known(id)
      return command('ptz-presets', member, ptzMs, (until) => member.camera.presets(until))
    },
    ptzGoto: async (id, preset) => {
      const member = known(id)
      return command('ptz-goto', member, ptzMs, (until) => member.camera.gotoPreset(preset, until))
    },
    ptzStatus: async (id) => {
      const member = known(id)
      return command('ptz-status', member, ptzMs, (until) => member.camera.ptzStatus(until))
    },
    snapshot: async (id) => {
      const member = known(id)
      const picture = await command('snapshot', member, picturePatienceMs, (until) => member.camera.snapshot(until))
      return { jpeg: picture.toString('base64') }
    },
    openSession: (id, limits) => members.get(id)?.camera.openSession(limits),
    seen(found) {
      // An endpoint that was reset with the camera is new; the serial that it was identified by is not.
      const member = byEndpoint.last(found.endpoint) ?? (found.serial ? bySerial.single(found.serial) : undefined)
      const [xaddr] = found.xaddrs
      if (!member || member.camera.inConflict || !xaddr || found.quarantine !== 'new' || !member.camera.seenAt(xaddr))
        return
      if (clock.now() - member.camera.probedAt >= hintMs) scheduler.hasten(member.slot)
    },
    heard({ endpoint, address, serial, quarantine }) {
      if (quarantine !== 'new') return
      const member =
        byEndpoint.last(twinKey(endpoint, address)) ??
        byEndpoint.last(endpoint) ??
        (serial ? bySerial.single(serial) : undefined)
      if (!member) return
      const { begun, ended } = addresses.heard(member, address)
      for (const each of begun) beginConflict(each)
      for (const each of ended) endConflict(each)
    },
    explain(id) {
      const { camera, slot } = known(id)
      return { ...camera.explain(slot.dueAt || null), blind: isBlind() }
    },
    stats: () => ({ cameras: members.size, probes, doubted, ...scheduler.stats() }),
    async stop() {
      scheduler.stop()
      identifier.stop()
      for (const { camera } of members.values()) camera.stop()
      pictures?.stop()
      await background.ended()
    },
  }
}

/** It is there and has not refused its login: a wrong clock, a slow answer or a lost stream is no reason not to ask what it is. */
const hasAnswered = ({ verdict, reason }: Observation): boolean =>
  verdict === 'pass' || (verdict === 'degraded' && reason !== 'unauthorised')

const blindObservation = ({ id, every, inConflict }: Camera, at: number): Observation => ({
  device: id,
  at,
  kind: 'probe',
  verdict: 'blind',
  rung: 'reachable',
  reason: inConflict ? 'address-conflict' : 'gateway-network',
  every,
})

const same = (a: AssignedCamera, b: AssignedCamera): boolean =>
  a.xaddr === b.xaddr && a.credential === b.credential && a.every === b.every && a.endpoint === b.endpoint
