/**
 * Who owns which table of the Record: the owner alone writes it, and reads it directly. Others read the owner's views, `<room>_<noun>`
 * (a hyphen of the room's name is an underscore there). Read from the rooms: the interfaces `…Tables` of `tables.ts` have a key for each
 * table, and what a room's own migrations rename, drop or make on their way is its own as well.
 */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const services = join(import.meta.dirname, '../../../services')

/** What the platform keeps for all, and asks for only in SQL of the engine. */
const ofPlatform = ['meta', 'migration', 'room_migration']

/** Made on the way to the present schema by the base migrations, which are frozen, and split or renamed by those of the room. */
const ofBase: Owners = {
  registry: ['device_change'],
  gateways: ['device_binding', 'identity_event'],
}

export type Owners = { readonly [room: string]: readonly string[] }

export const ownTables: Owners = readOwners()

function readOwners(): Owners {
  const rooms = readdirSync(services).filter((room) => existsSync(join(services, room, 'src')))
  const declared = Object.fromEntries(rooms.map((room) => [room, declaredBy(room)]))
  const taken = new Set(Object.values(declared).flat())
  const all = rooms.map((room) => {
    const passing = [...(ofBase[room] ?? []), ...migratedBy(room)].filter((table) => !taken.has(table))
    return [room, [...new Set([...declared[room]!, ...(room === 'platform' ? ofPlatform : []), ...passing])]] as const
  })
  return Object.fromEntries(all.filter(([, tables]) => tables.length > 0))
}

/** Of `src/tables.ts`; of the platform's, which lie with its database. */
function declaredBy(room: string): string[] {
  const file = join(services, room, room === 'platform' ? 'src/database/tables.ts' : 'src/tables.ts')
  return existsSync(file) ? tablesDeclared(readFileSync(file, 'utf8')) : []
}

/** The keys of its interfaces `…Tables`, without those of SQLite itself. */
export function tablesDeclared(text: string): string[] {
  return ts
    .createSourceFile('tables.ts', text, ts.ScriptTarget.Latest)
    .statements.flatMap((node) =>
      ts.isInterfaceDeclaration(node) && node.name.text.endsWith('Tables')
        ? node.members.flatMap(({ name }) =>
            name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : [],
          )
        : [],
    )
    .filter((table) => !table.startsWith('sqlite_'))
}

function migratedBy(room: string): string[] {
  const folder = join(services, room, 'src/migrations')
  if (room === 'platform' || !existsSync(folder)) return []
  return globSync('**/*.ts', { cwd: folder }).flatMap((file) =>
    tablesMigrated(readFileSync(join(folder, file), 'utf8')),
  )
}

/** What SQL renames, drops or makes. */
export function tablesMigrated(sql: string): string[] {
  return [
    ...sql.matchAll(/\b(?:DROP|CREATE) TABLE (?:IF (?:NOT )?EXISTS )?"?(\w+)/g),
    ...sql.matchAll(/\bALTER TABLE "?(\w+)"? RENAME TO "?\w+/g),
  ].map((match) => match[1]!)
}

/** Databases that are not the Record: what files below a path call by these names is their own. */
export const otherDatabases: { readonly [path: string]: readonly string[] } = {
  'services/platform/src/history/': ['device'],
  'gateway/src/commands/': [],
  'gateway/src/login/': [],
  'gateway/src/spool/': ['batch', 'meta'],
  'gateway/src/uplink/': [],
}

/**
 * Converted the tables of all rooms when there was one room for them: what is written there stays as it is. And the runner of migrations,
 * which makes the views that rooms declare, whatever their names.
 */
export const frozen: readonly string[] = [
  'services/platform/src/database/migrate.ts',
  'services/hub/src/base/',
  'services/gateways/src/migrations/0001-device-binding.ts',
  // A trigger on `device` that marks figures in the transaction of the change: see uptime/migrations/0001.
  'services/uptime/src/migrations/0002-covered-marks.ts',
]

const viewPrefix = (room: string): string => `${room.replaceAll('-', '_')}_`

export const ownerOf = (table: string, owners = ownTables): string | undefined =>
  Object.keys(owners).find((room) => owners[room]!.includes(table))

/** The room whose view it is; undefined for a table, and for what is neither. `platform` has none. The longest prefix decides. */
export function viewOf(name: string, owners = ownTables): string | undefined {
  if (ownerOf(name, owners)) return undefined
  return Object.keys(owners)
    .filter((room) => room !== 'platform' && name.startsWith(viewPrefix(room)))
    .sort((a, b) => b.length - a.length)[0]
}

/** The room that a file is in; files outside the services have the name of their folder, and own nothing. */
export const roomOf = (file: string): string => /^services\/([^/]+)\/src\//.exec(file)?.[1] ?? file.split('/')[0]!
