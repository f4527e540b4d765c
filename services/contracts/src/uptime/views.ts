/** What other rooms may read of exemptions and corrections. Each is a view over one table of its owner, the room uptime; nobody else names that table. */

export interface UptimeViews {
  /** An exemption or correction, without who asked for it. */
  uptime_adjustment: UptimeAdjustment
  /** A version of the rules by which states and scores are judged. */
  uptime_judging: UptimeJudging
}

interface UptimeJudging {
  /** From when it holds, UTC milliseconds; 0: for all time before the next. */
  from_at: number
  /** `JudgingRules`. */
  rules: string
}

interface UptimeAdjustment {
  id: string
  kind: string
  count_as: string
  status: string
  /** `AdjustmentScope`. */
  scope: string
  /** JSON: `"city"` or an array of district codes. */
  within: string
  from_at: number
  to_at: number
  /** `Recurrence`. */
  recurrence: string | null
  reason: string
  decided_by: string | null
  decided_at: number | null
  /** `RecordChange`, of a `record`; its `count_as` is ''. */
  change: string | null
  evidence: string | null
}
