/** What people have said and is not in effect yet, in order. */
import type { DatabaseSync } from 'node:sqlite'
import type { HandStep } from '@hub/core'

export function pendingJudgements(sqlite: DatabaseSync): () => { id: number; outage: string; steps: HandStep[] }[] {
  const find = sqlite.prepare("SELECT id, outage, steps FROM outage_judgement WHERE effect = 'pending' ORDER BY id")
  return () => {
    const rows = find.all() as { id: number; outage: string; steps: string }[]
    return rows.map(({ steps, ...row }) => ({ ...row, steps: JSON.parse(steps) }))
  }
}
