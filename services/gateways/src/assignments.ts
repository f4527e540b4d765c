/**
 * Tells each gateway what it has to watch, until its status says that it holds what is in force. One message to a gateway at a time: what
 * changes while it is under way goes with the next one, and a long list goes in parts, each after the one before was confirmed.
 *
 * A gateway of before deltas takes whole lists alone. Which it is shows in its answer: the first message is a delta, and one that
 * goes on without `holds` in its status has not understood it.
 */
import type { AssignmentMessage, GatewayId, GatewayStatus } from '@hub/contracts'
import { secondMs } from '@hub/core'
import type { Deps } from '@hub/platform'
import { type InForce, type PartLimits, prune, readAssigned, readDelta, readInForce, readRange } from './assigned.ts'
import { confirmWithin } from './backoff.ts'
import { type Held, heldOf, nextMessage } from './next-message.ts'
import type { GatewaysDb, GatewaysRecord } from './tables.ts'

/** So long, and for so many statuses, a gateway may go on without `holds` after it was sent a delta. A hub that is behind hears late. */
const answerWithinMs = 20 * secondMs
const answerWithinStatuses = 3

type AssignmentDeps = Pick<Deps, 'bus' | 'log' | 'clock'> & {
  record: GatewaysRecord
  random?: () => number
  limits?: PartLimits
}

/** What is known of a gateway that is online. `form`: what it takes, undefined before that is known. */
type Peer = {
  held: Held
  form: 'deltas' | 'whole' | undefined
  /** Statuses without `holds` since a delta was first sent. */
  unanswered: number
  askedAt: number | undefined
  /** Of the same message, unconfirmed. */
  attempts: number
  /** Not confirmed yet. `held` as text: what it held when it was sent. */
  underWay: { held: string; cancel: () => void } | undefined
  prunedTo: number
}

export interface Assignments {
  /** The assignment may have got a new version. */
  changed(gateway: GatewayId): void
  /** What a gateway says that it holds. */
  heard(status: GatewayStatus): void
  /** Resolves when nothing is being read or sent. */
  stop(): Promise<void>
}

export function createAssignments(deps: AssignmentDeps): Assignments {
  const { record, bus, log, clock, random = Math.random, limits } = deps
  const peers = new Map<GatewayId, Peer>()
  const turns = new Map<GatewayId, { again: boolean; ended: Promise<void> }>()
  let stopped = false

  const settle = (peer: Peer) => {
    peer.underWay?.cancel()
    peer.underWay = undefined
  }

  /** What a gateway is sent next; undefined: nothing. */
  async function messageFor(
    db: GatewaysDb,
    gateway: GatewayId,
    { held, form }: Peer,
    inForce: InForce,
  ): Promise<AssignmentMessage | undefined> {
    if (form === 'whole') {
      if (held.version === inForce.version) return undefined
      return { v: 1, gateway, version: inForce.version, devices: await readAssigned(db, gateway) }
    }
    const next = nextMessage(held, inForce)
    if (next.kind === 'nothing') return undefined
    if (next.kind === 'delta') {
      const delta = await readDelta(db, gateway, { from: next.from, inForce, ...(limits && { limits }) })
      if (delta) return delta
    }
    const { after, to } = next.kind === 'range' ? next : { after: null, to: inForce.version }
    return readRange(db, gateway, { after, to, inForce, ...(limits && { limits }) })
  }

  async function step(gateway: GatewayId): Promise<void> {
    const peer = peers.get(gateway)
    if (!peer || peer.underWay || stopped) return
    const { held } = peer
    // Between the version and its rows nobody of this process writes.
    const { inForce, message } = await record.db.connection().execute(async (db) => {
      const found = await readInForce(db, gateway)
      return { inForce: found, message: found && (await messageFor(db, gateway, peer, found)) }
    })
    // It has said something else meanwhile, and has a turn for it.
    if (!inForce || peers.get(gateway) !== peer || peer.held !== held || stopped) return
    if (!message) return forgetDropped(gateway, peer, inForce)
    peer.attempts++
    if (message.v === 2) peer.askedAt ??= clock.now()
    const cancel = clock.after(confirmWithin(peer.attempts, random()), () => {
      settle(peer)
      turn(gateway)
    })
    peer.underWay = { held: JSON.stringify(held), cancel }
    bus.publish('assignment', { gateway }, message).catch((err: unknown) => {
      log.debug({ err, gateway }, 'assignment not sent; it is sent again')
    })
    const told =
      message.v === 1
        ? { version: message.version, devices: message.devices.length }
        : { from: message.from, to: message.to, put: message.put.length, drop: message.drop.length }
    log.info(
      { gateway, ...told, attempt: peer.attempts },
      message.v === 1 ? 'assignment sent' : 'assignment delta sent',
    )
  }

  /** It holds what is in force: what was taken away before need not be told again. */
  async function forgetDropped(gateway: GatewayId, peer: Peer, { version }: InForce): Promise<void> {
    peer.attempts = 0
    if (peer.prunedTo === version) return
    await record.transaction((trx) => prune(trx, gateway, version))
    peer.prunedTo = version
  }

  /** One step after another for each gateway; what asks for one meanwhile shares the next. */
  function turn(gateway: GatewayId): void {
    const running = turns.get(gateway)
    if (running) {
      running.again = true
      return
    }
    if (stopped) return
    const mine = { again: false, ended: Promise.resolve() }
    mine.ended = step(gateway)
      .catch((err: unknown) => log.error({ err, gateway }, 'the assignment could not be told'))
      .then(() => {
        turns.delete(gateway)
        if (mine.again) turn(gateway)
      })
    turns.set(gateway, mine)
  }

  const strange = (held: Held): Peer => ({
    held,
    form: undefined,
    unanswered: 0,
    askedAt: undefined,
    attempts: 0,
    underWay: undefined,
    prunedTo: -1,
  })

  const meet = (gateway: GatewayId, held: Held): Peer => {
    const before = peers.get(gateway)
    if (before) settle(before)
    const peer = strange(held)
    peers.set(gateway, peer)
    return peer
  }

  /** It has been connected anew, or another program runs there: nothing that was sent before is still on its way. */
  const isAnother = (peer: Peer, { holds }: GatewayStatus) => peer.form === 'deltas' && !holds

  return {
    changed: turn,
    heard(status) {
      const { gateway } = status
      const known = peers.get(gateway)
      if (!status.online) {
        if (known) settle(known)
        peers.delete(gateway)
        return
      }
      const held = heldOf(status)
      const peer = known && !isAnother(known, status) ? known : meet(gateway, held)
      peer.held = held
      if (status.holds) peer.form = 'deltas'
      else if (peer.form === undefined && peer.askedAt !== undefined) {
        peer.unanswered++
        const late = clock.now() - peer.askedAt >= answerWithinMs && peer.unanswered >= answerWithinStatuses
        // The first may have been lost.
        if (late && peer.attempts > 1) {
          peer.form = 'whole'
          settle(peer)
          peer.attempts = 0
        }
      }
      if (peer.underWay && peer.underWay.held !== JSON.stringify(held)) {
        settle(peer)
        peer.attempts = 0
      }
      turn(gateway)
    },
    async stop() {
      stopped = true
      for (const peer of peers.values()) settle(peer)
      await Promise.all([...turns.values()].map(({ ended }) => ended))
    },
  }
}
