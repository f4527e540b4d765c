/**
 * Counts what one recipient of everything is sent, by the rules of the hub itself (`dueOf`, `afterTelling`, `ownStep`) in virtual time.
 * Somebody acknowledges what he is told of by itself ten minutes after.
 */
import {
  afterTelling,
  type CorrelatedOutage,
  digestDue,
  dueOf,
  factsOf,
  isMostOf,
  type LifeState,
  type OutageEffect,
  ownStep,
  type ToldState,
} from '@hub/core'
import { tellingPolicyOf } from '@hub/outages'
import { checkConfig, HubConfig, lifePolicyOf } from '@hub/platform'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const lookMs = 5_000
const acknowledgedAfterMs = 10 * minuteMs
const config = checkConfig(HubConfig, {})
/** As the configuration has it by default. */
const policy = tellingPolicyOf(config.policy.outages)
const lifePolicy = lifePolicyOf(config.policy)

type Facts = ReturnType<typeof factsOf>
const lone: readonly string[] = ['device', 'flapping']
type Life = Pick<LifeState, 'status' | 'resolvedAt' | 'escalation'>
const born: Life = { status: 'open', resolvedAt: null, escalation: 0 }

export function createNotices(place: (device: string) => { district: string; pointType: string } | undefined) {
  const facts = new Map<string, Facts>()
  const lives = new Map<string, Life>()
  const told = new Map<string, ToldState>()
  const sent = { own: 0, digests: 0 }
  let [lookedAt, digestAt, queuedAt] = [0, 0, null as number | null]

  const live = (id: string, o: Facts, now: number): Life => {
    const life = lives.get(id) ?? born
    const knows = told.get(id)
    const seen = knows?.how === 'now' && now - knows.at >= acknowledgedAfterMs
    const status = life.status === 'open' && seen ? 'acknowledged' : life.status
    const state = { ...life, status, from: o.from, to: o.to, expected: o.expected, silencedUntil: null }
    const step = ownStep(state, now, lifePolicy)
    if (step === 'resolve') return { ...life, status: 'resolved', resolvedAt: now }
    if (step === 'reopen') return born
    if (step === 'close') return { ...life, status: 'closed' }
    return { ...life, status, escalation: life.escalation + (step === 'escalate' ? 1 : 0) }
  }
  const forget = (id: string) => {
    for (const map of [facts, lives, told]) map.delete(id)
  }

  return {
    sent,
    /** What the correlation did: `changed` are all outages that are other than before. */
    hear(effects: readonly OutageEffect[], changed: Iterable<CorrelatedOutage>): void {
      for (const effect of effects) {
        const knows = told.get(effect.kind === 'split' ? effect.from : effect.kind === 'merged' ? effect.id : '')
        if (effect.kind === 'split' && knows) told.set(effect.id, { ...knows, how: 'digest' })
        if (effect.kind !== 'merged') continue
        const [part, whole] = [facts.get(effect.id), facts.get(effect.into)]
        if (knows && !told.has(effect.into) && part && (!whole || isMostOf(part, whole))) told.set(effect.into, knows)
        forget(effect.id)
      }
      for (const outage of changed) if (outage.episodes.length > 0) facts.set(outage.id, factsOf(outage, place))
    },
    look(now: number): void {
      if (now - lookedAt < lookMs) return
      lookedAt = now
      const boundary = digestDue(now, policy)
      const flush = digestAt > 0 && boundary > digestAt
      digestAt = boundary
      const outages = []
      // A device by itself waits for the digest: its life need not be followed step by step.
      const all = flush || Math.floor(now / minuteMs) !== Math.floor((now - lookMs) / minuteMs)
      for (const [id, o] of facts) {
        if (!all && lone.includes(o.cause.kind)) continue
        const life = live(id, o, now)
        lives.set(id, life)
        if (life.status === 'closed') forget(id)
        else outages.push({ ...o, ...life, silencedUntil: null })
      }
      const everyone = { least: 'low' } as const
      const due = dueOf(everyone, outages, ({ id }) => told.get(id) ?? null, { queuedAt, flush, now }, policy)
      if (due.length === 0) return
      for (const { outage, told: before, telling } of due)
        told.set(outage.id, afterTelling(outage, before, telling, now))
      queuedAt = now
      if (flush) sent.digests++
      else sent.own++
    },
    /** Until the next digest of that day has gone. */
    finish(now: number): void {
      for (let at = now; at <= now + policy.digestMs + hourMs / 2; at += lookMs) this.look(at)
    },
  }
}
