/**
 * Counts what one recipient of everything is sent, by the rules of the hub itself (`dueOf`, `afterDecision`, `automaticTransition`) in virtual time.
 * Somebody acknowledges what he is told of by itself ten minutes after.
 */
import {
  afterDecision,
  automaticTransition,
  type CorrelatedOutage,
  type DecisionKind,
  digestDue,
  dueOf,
  factsOf,
  isMostOf,
  type KnownState,
  type LifeState,
  type OutageEffect,
} from '@hub/core'
import { HubConfig } from '@hub/hub'
import { notificationPolicyOf } from '@hub/notify'
import { lifePolicyOf } from '@hub/outages'
import { checkConfig } from '@hub/platform'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const decideMs = 5_000
const acknowledgedAfterMs = 10 * minuteMs
const config = checkConfig(HubConfig, {})
/** As the configuration has it by default. */
const policy = notificationPolicyOf(config.policy.outages)
const lifePolicy = lifePolicyOf(config.policy)

type Facts = ReturnType<typeof factsOf>
const lone: readonly string[] = ['device', 'flapping']
type Life = Pick<LifeState, 'status' | 'resolvedAt' | 'escalation'>
const born: Life = { status: 'open', resolvedAt: null, escalation: 0 }

/** @param told hears of each outage that a notification of its own speaks of, but for what is over */
export function createNotifications(
  place: (device: string) => { district: string; pointType: string } | undefined,
  told: (outage: string, what: DecisionKind, at: number) => void = () => {},
) {
  const facts = new Map<string, Facts>()
  const lives = new Map<string, Life>()
  const known = new Map<string, KnownState>()
  const sent = { own: 0, digests: 0 }
  let [decidedAt, digestAt, queuedAt] = [0, 0, null as number | null]

  const live = (id: string, o: Facts, now: number): Life => {
    const life = lives.get(id) ?? born
    const knows = known.get(id)
    const seen = knows?.how === 'now' && now - knows.at >= acknowledgedAfterMs
    const status = life.status === 'open' && seen ? 'acknowledged' : life.status
    const state = { ...life, status, from: o.from, to: o.to, expected: o.expected, silencedUntil: null }
    const step = automaticTransition(state, now, lifePolicy)
    if (step === 'resolve') return { ...life, status: 'resolved', resolvedAt: now }
    if (step === 'reopen') return born
    if (step === 'close') return { ...life, status: 'closed' }
    return { ...life, status, escalation: life.escalation + (step === 'escalate' ? 1 : 0) }
  }
  const forget = (id: string) => {
    for (const map of [facts, lives, known]) map.delete(id)
  }

  return {
    sent,
    /** What the correlation did: `changed` are all outages that are other than before. */
    hear(effects: readonly OutageEffect[], changed: Iterable<CorrelatedOutage>): void {
      for (const effect of effects) {
        const knows = known.get(effect.kind === 'split' ? effect.from : effect.kind === 'merged' ? effect.id : '')
        if (effect.kind === 'split' && knows) known.set(effect.id, { ...knows, how: 'digest' })
        if (effect.kind !== 'merged') continue
        const [part, whole] = [facts.get(effect.id), facts.get(effect.into)]
        if (knows && !known.has(effect.into) && part && (!whole || isMostOf(part, whole))) known.set(effect.into, knows)
        forget(effect.id)
      }
      for (const outage of changed) if (outage.episodes.length > 0) facts.set(outage.id, factsOf(outage, place))
    },
    decide(now: number): void {
      if (now - decidedAt < decideMs) return
      decidedAt = now
      const boundary = digestDue(now, policy)
      const flush = digestAt > 0 && boundary > digestAt
      digestAt = boundary
      const outages = []
      // A device by itself waits for the digest: its life need not be followed step by step.
      const all = flush || Math.floor(now / minuteMs) !== Math.floor((now - decideMs) / minuteMs)
      for (const [id, o] of facts) {
        if (!all && lone.includes(o.cause.kind)) continue
        const life = live(id, o, now)
        lives.set(id, life)
        if (life.status === 'closed') forget(id)
        else outages.push({ ...o, ...life, silencedUntil: null })
      }
      const everyone = { least: 'low' } as const
      const due = dueOf(everyone, outages, ({ id }) => known.get(id) ?? null, { queuedAt, flush, now }, policy)
      if (due.length === 0) return
      for (const { outage, known: before, decision } of due) {
        known.set(outage.id, afterDecision(outage, before, decision, now))
        if (decision.when === 'now' && decision.what !== 'resolved') told(outage.id, decision.what, now)
      }
      queuedAt = now
      if (flush) sent.digests++
      else sent.own++
    },
    /** Until the next digest of that day has gone. */
    finish(now: number): void {
      for (let at = now; at <= now + policy.digestMs + hourMs / 2; at += decideMs) this.decide(at)
    },
  }
}
