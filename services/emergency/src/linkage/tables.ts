/** Tables of linkage rules and their runs. */

export interface LinkageTables {
  linkage_rule: LinkageRuleTable
  linkage_memory: LinkageMemoryTable
  linkage_run: LinkageRunTable
  linkage_action: LinkageActionTable
  linkage_count: LinkageCountTable
}

/** Each version of a rule. */
interface LinkageRuleTable {
  id: string
  version: number
  /** `RuleDraft`. */
  draft: string
  /** `RuleState`; of a version of before it says nothing. */
  state: string
  at: number
  by: string
  /** 1: the version that counts. */
  latest: number
}

/** What a version of a rule keeps of a sensor, camera, outage or incident. */
interface LinkageMemoryTable {
  rule: string
  version: number
  subject: string
  /** `RuleMemory` of core. */
  memory: string
}

/** `LinkageRun`. */
interface LinkageRunTable {
  id: string
  rule: string
  version: number
  rule_name: string
  dry: number
  incident: string | null
  /** Where it was; null: not known. */
  district: string | null
  state: string
  at: number
  /** `LinkageRun['trigger']`. */
  trigger: string
}

/** `RunAction`, by rule's action and target ('' for the incident). */
export interface LinkageActionTable {
  run: string
  seq: number
  target: string
  target_name: string | null
  kind: string
  /** `LinkageAction`. */
  asked: string
  state: string
  key: string
  attempts: number
  retries: number
  /** Not before this it is tried again. */
  next_at: number
  started_at: number | null
  finished_at: number | null
  deadline: number
  reason: string | null
  result: string
}

/** What did not become a run: kept back by the storm guard, or too late; by hour of the epoch. */
interface LinkageCountTable {
  rule: string
  hour: number
  held: number
  late: number
}
