/** Plans, and which of them fits an incident. Pure. */
import type { Incident, Plan, PlanDraft } from '@hub/contracts'

/** Of its class and type, for its level; one of the very type before one of the whole class. Not graded: all levels. */
export const fitting = (plans: readonly Plan[], incident: Pick<Incident, 'class' | 'type' | 'level'>): Plan[] =>
  plans
    .filter(
      (plan) =>
        !plan.retired &&
        plan.class === incident.class &&
        (plan.type === null || plan.type === incident.type) &&
        (incident.level === null || plan.levels.includes(incident.level)),
    )
    .toSorted((a, b) => Number(a.type === null) - Number(b.type === null))

export const emptyStep = (): PlanDraft['steps'][number] => ({ title: '', role: '', limitMinutes: null, hint: null })
export const emptyPlan = (): PlanDraft => ({
  name: '',
  class: 'accident',
  type: null,
  levels: [1, 2, 3, 4],
  steps: [emptyStep()],
})

/** Moves one of a list up or down; at the ends it stays. */
export function movedIn<T>(list: readonly T[], at: number, by: -1 | 1): T[] {
  const next = [...list]
  const to = at + by
  if (to < 0 || to >= list.length) return next
  const [one] = next.splice(at, 1)
  next.splice(to, 0, one as T)
  return next
}
