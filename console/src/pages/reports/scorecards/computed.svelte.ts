/** What the hub computes of the figures that were stated: items from the scorecards, the others from the figures of the same month and subject. */
import { type KpiReport, kpiNames, type Scorecard, type StatementRow, scoreItems } from '@hub/contracts'
import { monthSpan } from '@hub/core'
import { ApiError, call } from '../../../api/client.ts'

type Subject = StatementRow['subject']
const keyOf = ({ kind, key }: Subject): string => `${kind} ${key}`

export const isItem = (what: StatementRow['what'], subject: Subject): what is (typeof scoreItems)[number] =>
  subject.kind !== 'city' && scoreItems.some((item) => item === what)

export class ComputedFigures {
  #kpis = $state.raw(new Map<string, KpiReport>())
  #month = ''

  /** Reads the figures of each subject that a statement speaks of. What cannot be read stays unknown. */
  async load(month: string, rows: readonly StatementRow[]): Promise<void> {
    if (month !== this.#month) this.#kpis = new Map()
    this.#month = month
    const { from, to } = monthSpan(month)
    const asked = rows.filter(({ what, subject }) => !isItem(what, subject) && kpiNames.some((name) => name === what))
    const subjects = new Map(asked.map(({ subject }) => [keyOf(subject), subject]))
    const read = await Promise.all(
      [...subjects].map(async ([key, { kind, key: value }]) => {
        const query = new URLSearchParams({
          from: String(from),
          to: String(to),
          ...(kind === 'city' ? {} : { [kind]: value }),
        })
        const report = await call<KpiReport>(`/kpis?${query}`).catch((error: unknown) => {
          if (error instanceof ApiError) return null
          throw error
        })
        return [key, report] as const
      }),
    )
    if (month === this.#month) this.#kpis = new Map(read.flatMap(([key, report]) => (report ? [[key, report]] : [])))
  }

  of({ what, subject }: Pick<StatementRow, 'what' | 'subject'>, cards: readonly Scorecard[]): number | null {
    if (isItem(what, subject)) {
      const card = cards.find((one) => keyOf(one.subject) === keyOf(subject))
      const line = card?.lines.find(({ item }) => item === what)
      return line?.basis === 'computed' ? line.value : null
    }
    return this.#kpis.get(keyOf(subject))?.kpis.find(({ kpi }) => kpi === what)?.value ?? null
  }
}
