/** The rules by which states and scores are judged. Each version has a time from which it holds, and is never changed after. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'
import { ScorePolicy } from '../reports/score.ts'
import { Confirmations } from './judged-by.ts'

const share = z.number().min(0).max(1)

/** What of the hub's policy decides a state or a score. Other parts of the policy are no part of it. */
export const JudgingRules = z.object({
  health: z.object({
    /** Probe results in a row that set a state. */
    confirm: Confirmations,
    /** Periods without a probe result after which the state is unknown. */
    staleAfter: z.int(),
    /** Periods that differ by less than this share are held to be one. */
    periodTolerance: share,
  }),
  /** Period that devices are given when they are approved. A probe result names its own. */
  probeEverySeconds: z.number(),
  target: share,
  provenance: z.string(),
  kpis: z.object({
    platformNormal: share,
    intact: share,
    clock: share,
    clockSeconds: z.number(),
    record: share,
    position: share,
  }),
  scorecard: ScorePolicy,
  coverage: z.object({ least: share, provenance: z.string() }),
  lock: z.object({ graceHours: z.number(), provenance: z.string() }),
})
export type JudgingRules = z.infer<typeof JudgingRules>

/** It holds from then on until the next one does; the first from 0, for all time. */
export const JudgingVersion = z.strictObject({ from: Instant, rules: JudgingRules })
export type JudgingVersion = z.infer<typeof JudgingVersion>
export const JudgingVersions = z.strictObject({ asOf: Instant, versions: z.array(JudgingVersion) })
