/** The rules of health with all that held before them: late observations are judged by those of their own time. */
import type { DatabaseSync } from 'node:sqlite'
import { JudgingRules } from '@hub/contracts'
import { datedPolicy, type HealthPolicy } from '@hub/core'

/** @param configured holds where no version has been noted yet */
export function healthPolicyOf(sqlite: DatabaseSync, configured: HealthPolicy): HealthPolicy {
  const rows = sqlite.prepare('SELECT from_at, rules FROM uptime_judging ORDER BY from_at').all()
  const versions = rows.map(({ from_at, rules }) => ({
    from: Number(from_at),
    rules: JudgingRules.shape.health.parse(JSON.parse(String(rules)).health),
  }))
  return datedPolicy(versions) ?? configured
}
