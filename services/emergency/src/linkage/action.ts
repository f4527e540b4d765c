/** An action that goes out of the hub: what it is given, and what comes of a try. */
import type { CommandReply, LinkageAction } from '@hub/contracts'
import type { Deps, RecordStore } from '@hub/platform'
import type { EmergencyConfig } from '../config.ts'
import type { Trx } from './db.ts'
import type { LinkageActionTable } from './tables.ts'

export type RunnerDeps = Pick<
  Deps<EmergencyConfig>,
  'audit' | 'clock' | 'commands' | 'config' | 'log' | 'outbox' | 'publishChange'
> & {
  record: RecordStore
}
export type Send = (
  name: 'ptz-presets' | 'ptz-goto' | 'ptz-status' | 'snapshot' | 'field-command',
  more?: {
    args?: Record<string, string>
    key?: string
  },
) => Promise<CommandReply>

/** What came of an action: `write` is done in the transaction of its receipt. */
export type Performed =
  | { ok: true; result: Record<string, string | number | boolean | null>; write?(trx: Trx, at: number): Promise<void> }
  | { ok: false; reason: string; lasting: boolean; skipped?: boolean }

export type Row = Omit<LinkageActionTable, 'asked' | 'result'> & {
  asked: LinkageAction
  result: Record<string, string | number | boolean | null>
  incident: string
  district: string | null
}
