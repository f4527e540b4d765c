/** What a person may say of an outage against the hub: which acts are offered, by which keys, and what can be undone. Pure. */
import type { Judgement, JudgeOutage, OutageRow } from '@hub/contracts'

export type Act = JudgeOutage['act']
export type Offered = Exclude<Act, 'undo'>

const keys: readonly (readonly [string, Offered])[] = [
  ['y', 'confirm'],
  ['x', 'split'],
  ['m', 'merge'],
  ['c', 'cause'],
  ['n', 'apart'],
]

/** None of one that is closed; of a lone device nothing can be split. */
export function offered({ status, members }: Pick<OutageRow, 'status' | 'members'>): { key: string; act: Offered }[] {
  if (status === 'closed') return []
  return keys.flatMap(([key, act]) => (members < 2 && (act === 'split' || act === 'apart') ? [] : [{ key, act }]))
}

/** The newest that is in effect: what came before it is undone after it. @param judgements newest first */
export function undoable(
  judgements: readonly Judgement[],
  { id, status }: Pick<OutageRow, 'id' | 'status'>,
): number | null {
  if (status === 'closed') return null
  const standing = judgements.find(({ act, undone, effect }) => act !== 'undo' && !undone && effect !== 'lost')
  return standing && standing.outage === id && standing.effect === 'done' ? standing.id : null
}

/** Outages that may be merged into this one, the likeliest first: of the same districts, and near in time. */
export function candidates(rows: readonly OutageRow[], { id, from, districts }: OutageRow): OutageRow[] {
  const shares = (row: OutageRow) => Number(row.districts.some((district) => districts.includes(district)))
  return rows
    .filter((row) => row.id !== id && row.status !== 'closed')
    .sort((a, b) => shares(b) - shares(a) || Math.abs(a.from - from) - Math.abs(b.from - from))
}
