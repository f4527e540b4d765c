/** Versions of the rules: which held when, what a report says of them, what one changed. */
import type { JudgedBy, JudgingRules, JudgingVersion, UptimeReport } from '@hub/contracts'
import { rateText } from '../common/cut.ts'
import { cityTime } from '../common/time/city.ts'
import type { Span } from '../common/time/span.ts'
import { uptimeRules } from './kpi/rules.ts'

/** Those that hold in some part of the period; at least the one that holds as it begins. @param versions ascending, at least one */
export function versionsIn(versions: readonly JudgingVersion[], { from, to }: Span): JudgingVersion[] {
  const first = Math.max(
    0,
    versions.findLastIndex((version) => version.from <= from),
  )
  return versions.slice(first).filter((version, n) => n === 0 || version.from < to)
}

export const judgedBy = (versions: readonly JudgingVersion[]): JudgedBy[] =>
  versions.map(({ from, rules: { health, probeEverySeconds, target } }) => ({
    from,
    confirm: health.confirm,
    staleAfter: health.staleAfter,
    probeEverySeconds,
    target,
  }))

/** A version in one sentence. */
export function judgingWords({ from, confirm, staleAfter, probeEverySeconds, target }: JudgedBy) {
  const { up, degraded, down, unknown } = confirm
  const goal = rateText(target)
  const [zhFrom, enFrom] =
    from === 0 ? ['自始', 'From the beginning'] : [`${cityTime(from)} 起`, `From ${cityTime(from)} on`]
  return {
    zh: `${zhFrom}：连续 ${up} 次判在线、${degraded} 次判带病在线、${down} 次判离线、${unknown} 次判未知；${staleAfter} 个周期无结果判未知；周期 ${probeEverySeconds} 秒；目标 ${goal}。`,
    en: `${enFrom}: up after ${up} in a row, degraded after ${degraded}, down after ${down}, unknown after ${unknown}; unknown after ${staleAfter} periods without a result; period ${probeEverySeconds} s; target ${goal}.`,
  }
}

/** What is printed with the online rate of a period. @param versions those of the period; the target is that of its end */
export function uptimePolicy(versions: readonly JudgingVersion[], language: 'zh' | 'en'): UptimeReport['policy'] {
  const { target, provenance } = versions.at(-1)!.rules
  return { target, provenance, rules: uptimeRules.map((rule) => rule[language]), judging: judgedBy(versions) }
}

/** Whether a rule, by its path, is a share, and printed as a rate. */
export const isRateRule = (field: string): boolean =>
  /^(target|coverage\.least|kpis\.(platformNormal|intact|clock|record|position)|scorecard\.items\.\w+\.(full|zero))$/.test(
    field,
  )

/** What a version changed: `{ field: 'health.confirm.down', was: 3, now: 5 }`. */
export function changedRules(was: JudgingRules, now: JudgingRules): { field: string; was: unknown; now: unknown }[] {
  const [before, after] = [leavesOf(was), leavesOf(now)]
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((field) => {
    const change = { field, was: before.get(field) ?? null, now: after.get(field) ?? null }
    return change.was === change.now ? [] : [change]
  })
}

function leavesOf(value: object, path = '', leaves = new Map<string, unknown>()): Map<string, unknown> {
  for (const [name, inner] of Object.entries(value)) {
    const field = path ? `${path}.${name}` : name
    if (typeof inner === 'object' && inner !== null) leavesOf(inner, field, leaves)
    else leaves.set(field, inner)
  }
  return leaves
}
