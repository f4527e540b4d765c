/** The ranking table: a row with what it was the period before, in any order. Pure. */
import type { UptimeGroup, UptimeRow } from '@hub/contracts'

export const rankingColumns = ['name', 'rate', 'change', 'down', 'unknown', 'exempt', 'devices'] as const
export type RankingColumn = (typeof rankingColumns)[number]
export type RankingOrder = { column: RankingColumn; descending: boolean }
/** Worst first. */
export const worstOrder: RankingOrder = { column: 'rate', descending: false }

export type RankingRow = UptimeRow & {
  id: string
  name: string
  before: number | null
  /** Rate now minus rate before; null when either is not known. */
  change: number | null
  /** Of the time that is neither exempt nor nothing. Null when there is none. */
  unknownShare: number | null
}

/** `names`: what a key is called. Rows that the period before did not have come without a change. */
export function rankingOf(
  rows: readonly UptimeRow[],
  before: readonly UptimeRow[],
  by: UptimeGroup,
  names: (key: string) => string,
): RankingRow[] {
  const rates = new Map(before.map((row) => [row.key[by] ?? '', row.rate]))
  return rows.map((row) => {
    const id = row.key[by] ?? ''
    const was = rates.get(id) ?? null
    return {
      ...row,
      id,
      name: names(id),
      before: was,
      change: changeOf(row.rate, was),
      unknownShare: unknownShare(row),
    }
  })
}

export const changeOf = (now: number | null, before: number | null): number | null =>
  now === null || before === null ? null : now - before

/** Share of the time that a rate could have been made of. */
export function unknownShare({ up, down, unknown }: Pick<UptimeRow, 'up' | 'down' | 'unknown'>): number | null {
  const due = up + down + unknown
  return due > 0 ? unknown / due : null
}

const figureOf: Record<Exclude<RankingColumn, 'name'>, (row: RankingRow) => number | null> = {
  rate: (row) => row.rate,
  change: (row) => row.change,
  down: (row) => row.down,
  unknown: (row) => row.unknownShare,
  exempt: (row) => row.exempt,
  devices: (row) => row.devices,
}

/** What is not known comes last in either direction; equals are in order of their down time, then of their key. */
export function inOrder(rows: readonly RankingRow[], { column, descending }: RankingOrder): RankingRow[] {
  const sign = descending ? -1 : 1
  const names = new Intl.Collator('zh-CN')
  const compare = (a: RankingRow, b: RankingRow): number => {
    if (column === 'name') return sign * names.compare(a.name, b.name)
    const [x, y] = [figureOf[column](a), figureOf[column](b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return sign * (x - y)
  }
  return rows.toSorted((a, b) => compare(a, b) || b.down - a.down || (a.id < b.id ? -1 : Number(a.id > b.id)))
}

/** The order that a click on a heading asks for: the other way round when it is the one in force, else worst first. */
export function reordered(order: RankingOrder, column: RankingColumn): RankingOrder {
  if (order.column === column) return { column, descending: !order.descending }
  return { column, descending: !(['name', 'rate', 'change'] as RankingColumn[]).includes(column) }
}

export function parseOrder(text: string | null): RankingOrder | null {
  const descending = text?.startsWith('-') ?? false
  const column = rankingColumns.find((c) => c === (descending ? text?.slice(1) : text))
  return column ? { column, descending } : null
}

export const formatOrder = ({ column, descending }: RankingOrder): string => (descending ? `-${column}` : column)
