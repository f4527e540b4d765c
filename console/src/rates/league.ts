/** The league table: a row with what it was the period before, in any order. Pure. */
import type { UptimeGroup, UptimeRow } from '@hub/contracts'

export const leagueColumns = ['name', 'rate', 'change', 'down', 'unknown', 'exempt', 'devices'] as const
export type LeagueColumn = (typeof leagueColumns)[number]
export type LeagueOrder = { column: LeagueColumn; descending: boolean }
/** Worst first. */
export const worstOrder: LeagueOrder = { column: 'rate', descending: false }

export type LeagueRow = UptimeRow & {
  id: string
  name: string
  before: number | null
  /** Rate now minus rate before; null when either is not known. */
  change: number | null
  /** Of the time that is neither exempt nor nothing. Null when there is none. */
  unknownShare: number | null
}

/** `names`: what a key is called. Rows that the period before did not have come without a change. */
export function leagueOf(
  rows: readonly UptimeRow[],
  before: readonly UptimeRow[],
  by: UptimeGroup,
  names: (key: string) => string,
): LeagueRow[] {
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

const figureOf: Record<Exclude<LeagueColumn, 'name'>, (row: LeagueRow) => number | null> = {
  rate: (row) => row.rate,
  change: (row) => row.change,
  down: (row) => row.down,
  unknown: (row) => row.unknownShare,
  exempt: (row) => row.exempt,
  devices: (row) => row.devices,
}

/** What is not known comes last in either direction; equals are in order of their down time, then of their key. */
export function inOrder(rows: readonly LeagueRow[], { column, descending }: LeagueOrder): LeagueRow[] {
  const sign = descending ? -1 : 1
  const names = new Intl.Collator('zh-CN')
  const compare = (a: LeagueRow, b: LeagueRow): number => {
    if (column === 'name') return sign * names.compare(a.name, b.name)
    const [x, y] = [figureOf[column](a), figureOf[column](b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return sign * (x - y)
  }
  return rows.toSorted((a, b) => compare(a, b) || b.down - a.down || (a.id < b.id ? -1 : Number(a.id > b.id)))
}

/** The order that a click on a heading asks for: the other way round when it is the one in force, else worst first. */
export function turn(order: LeagueOrder, column: LeagueColumn): LeagueOrder {
  if (order.column === column) return { column, descending: !order.descending }
  return { column, descending: !(['name', 'rate', 'change'] as LeagueColumn[]).includes(column) }
}

export function parseOrder(text: string | null): LeagueOrder | null {
  const descending = text?.startsWith('-') ?? false
  const column = leagueColumns.find((c) => c === (descending ? text?.slice(1) : text))
  return column ? { column, descending } : null
}

export const formatOrder = ({ column, descending }: LeagueOrder): string => (descending ? `-${column}` : column)
