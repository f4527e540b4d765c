/** What every format prints: a report as titles, facts and tables, whose rows are made only when they are written. */
import type { Scorecard, ScorecardChange } from '@hub/contracts'

/**
 * `duration`: milliseconds. `instant`: UTC milliseconds, printed in the city's time to the second; `moment`: to the millisecond, where others are
 * reckoned from it. `date`: `YYYY-MM-DD`. `percent`: a share, 0 to 1, cut where it is printed.
 */
export type ColumnKind = 'text' | 'count' | 'number' | 'percent' | 'duration' | 'instant' | 'moment' | 'date'
export type Cell = string | number | null
/** `width`: in characters of Latin text. */
export type Column = { title: string; kind: ColumnKind; width: number }
export type Table = { name: string; columns: readonly Column[]; rows: Iterable<readonly Cell[]> }

export type ReportDocument = {
  title: string
  /** Without its ending. */
  fileName: string
  /** Period, instant, policy with its provenance: what must be read with the figures. */
  facts: readonly (readonly [label: string, text: string])[]
  tables: readonly Table[]
  /** The answer of the report's route, as JSON text in pieces. */
  json: Iterable<string>
  /** Rows of all tables; undefined while they are still being found. */
  rows: number | undefined
  /** How much is done, 0 to 1, where `rows` does not tell. */
  share?: () => number
  /** What is printed of the tables, where a page has no room for all columns. */
  paper?: readonly Table[]
  /** Printed a page each, with signatures. */
  cards?: readonly Scorecard[]
  /** Locked ones among them that would be others now, by id. */
  changed?: ReadonlyMap<string, ScorecardChange>
}

/** A report that is whole in memory. */
export const whole = (
  document: Omit<ReportDocument, 'rows' | 'share' | 'json' | 'tables'> & {
    tables: readonly (Table & { rows: readonly (readonly Cell[])[] })[]
    answer: unknown
  },
): ReportDocument => {
  const { answer, ...rest } = document
  return {
    ...rest,
    json: [JSON.stringify(answer)],
    rows: document.tables.reduce((sum, { rows }) => sum + rows.length, 0),
  }
}
