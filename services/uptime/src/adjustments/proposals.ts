/** What the registry holds back because it reaches into the past becomes an adjustment that waits for a second person. */
import { districtOf, type RecordChangeProposed } from '@hub/contracts'
import type { Consumer, Deps } from '@hub/platform'
import { enterAdjustment } from './store.ts'

export const proposals = {
  name: 'uptime',
  messages: ['recordChangeProposed'],
} as const satisfies Pick<Consumer, 'name' | 'messages'>

/** @returns the stop */
export function consumeProposals(
  deps: Pick<Deps, 'record' | 'audit' | 'outbox' | 'publishChange'>,
): Promise<() => Promise<void>> {
  const { record, audit, outbox, publishChange } = deps
  const known = record.sqlite.prepare('SELECT 1 FROM adjustment WHERE id = ?')
  const changes: Parameters<typeof publishChange>[0][] = []
  return outbox.consume({
    ...proposals,
    async take(_trx, { value }) {
      // The handle of the transaction that is open.
      if (known.get(value.id)) return
      const within = [districtOf(value.device)!]
      enterAdjustment({ sqlite: record.sqlite, audit }, requestOf(value), {
        id: value.id,
        within,
        requestedBy: value.user,
        requestedAt: value.at,
      })
      changes.push({ what: 'adjustments', id: value.id, districts: within })
    },
    taken() {
      for (const change of changes.splice(0)) publishChange(change)
    },
  })
}

const requestOf = ({ device, from, to, change, reason, evidence, user }: RecordChangeProposed) => ({
  kind: 'record' as const,
  change,
  scope: { by: 'devices' as const, values: [device] },
  from,
  to,
  reason,
  evidence,
  applicant: user,
})
