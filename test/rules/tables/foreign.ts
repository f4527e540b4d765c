/** What of the tables that a file names is not its room's to name so. */
import { otherDatabases, ownerOf, ownTables, roomOf, viewOf } from './owners.ts'
import { type Use, unknownTable } from './source.ts'

export type Foreign = Use & { why: string }

/** What SQLite keeps of itself. */
const engineOwn = /^(sqlite|pragma)_/

/**
 * @param file its path from the root of the repository, which says in which room it is
 * @param uses what it names
 */
export function foreignUses(file: string, uses: readonly Use[], owners = ownTables): Foreign[] {
  const room = roomOf(file)
  const other = Object.keys(otherDatabases).find((path) => file.startsWith(path))
  return uses.flatMap((use): Foreign[] => {
    const { table, write } = use
    if (engineOwn.test(table)) return []
    const owner = ownerOf(table, owners)
    const view = viewOf(table, owners)
    if (other !== undefined && (otherDatabases[other]!.includes(table) || (!owner && !view))) return []
    if ((owner ?? view) === room || (view && !write)) return []
    return [{ ...use, why: whyOf(use, owner, view) }]
  })
}

function whyOf({ table, write }: Use, owner: string | undefined, view: string | undefined): string {
  if (table === unknownTable) return 'the name of a table cannot be read in the file'
  if (view) return `writes ${table}, a view of ${view}`
  if (owner) return `${write ? 'writes' : 'reads'} ${table}, a table of ${owner}`
  return `${write ? 'writes' : 'reads'} ${table}, which no room owns`
}

/** Tables by file. */
export type Listed = {
  readonly [file: string]: { readonly reads?: readonly string[]; readonly writes?: readonly string[] }
}
type Found = Foreign & { file: string }

const isListed = (list: Listed, { file, table, write }: Pick<Found, 'file' | 'table' | 'write'>): boolean =>
  list[file]?.[write ? 'writes' : 'reads']?.includes(table) ?? false

export const notListed = (list: Listed, found: readonly Found[]): string[] =>
  found.filter((use) => !isListed(list, use)).map(({ file, line, why }) => `${file}:${line} ${why}`)

/** Entries of the list that nothing needs. */
export function notNeeded(list: Listed, found: readonly Found[]): string[] {
  const key = (file: string, how: string, table: string) => `${file} ${how} ${table}`
  const needed = new Set(found.map(({ file, write, table }) => key(file, write ? 'writes' : 'reads', table)))
  return Object.entries(list)
    .flatMap(([file, of]) =>
      (['reads', 'writes'] as const).flatMap((how) => (of[how] ?? []).map((table) => key(file, how, table))),
    )
    .filter((entry) => !needed.has(entry))
}
