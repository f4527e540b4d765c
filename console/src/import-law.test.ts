/**
 * The law inside the console, over every import of its TypeScript and Svelte files, those of types included:
 *   a folder imports only folders below it; a page imports no other page; no circles between folders;
 *   of the other rooms, contracts and core by their doors.
 * dependency-cruiser compiles Svelte files, and so never sees what they import as a type only.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { parse } from 'svelte/compiler'
import ts from 'typescript'
import { expect, test } from 'vitest'

/** From the bottom up. `pages.ts` is the table of pages; `App.svelte` and `main.ts` stand on top of all. */
const layers = [
  'styles',
  'browser',
  'i18n',
  'router',
  'lib',
  'api',
  'session',
  'live',
  'ui',
  'shared',
  'drawer',
  'login',
  'pages',
  'pages.ts',
  'frame',
  'App.svelte',
  'main.ts',
]
const doors = ['@hub/contracts', '@hub/core']

type Sources = Readonly<Record<string, string>>
type Import = { from: string; to: string }

/** What holds together: a page, a shared topic, any other folder, a file of the top. */
function folderOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'pages' || first === 'shared' ? `${first}/${second}` : first
}
const layerOf = (file: string): number => layers.indexOf(file.split('/')[0] ?? '')

function importsOf(file: string, text: string): string[] {
  if (!file.endsWith('.svelte'))
    return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
  const found: string[] = []
  walk(parse(text, { modern: true }), found)
  return found
}

function walk(node: unknown, found: string[]): void {
  if (typeof node !== 'object' || node === null) return
  const { source } = node as { source?: { type?: unknown; value?: unknown } | null }
  if (source?.type === 'Literal' && typeof source.value === 'string') found.push(source.value)
  for (const child of Object.values(node)) walk(child, found)
}

/** Each breach in a sentence. */
function breaches(sources: Sources): string[] {
  const found: string[] = []
  const inside: Import[] = []
  for (const [file, text] of Object.entries(sources))
    for (const name of importsOf(file, text)) {
      if (name.startsWith('.')) inside.push({ from: file, to: normalize(join(file, '..', name)) })
      else if (name.startsWith('@hub/') && !doors.includes(name)) found.push(`${file} imports ${name}`)
    }
  for (const { from, to } of inside) {
    const [above, below] = [layerOf(from), layerOf(to)]
    if (to.startsWith('..')) found.push(`${from} leaves the console: ${to}`)
    else if (below < 0) found.push(`${to} is in no layer`)
    else if (below > above) found.push(`${from} imports ${to} above it`)
    else if (to.startsWith('pages/') && from.startsWith('pages/') && folderOf(from) !== folderOf(to))
      found.push(`${from} imports another page: ${to}`)
  }
  return [...found, ...circles(inside).map((folders) => `a circle of folders: ${folders.join(' → ')}`)]
}

function circles(imports: readonly Import[]): string[][] {
  const next = new Map<string, Set<string>>()
  for (const { from, to } of imports) {
    const [a, b] = [folderOf(from), folderOf(to)]
    if (a !== b) next.set(a, (next.get(a) ?? new Set()).add(b))
  }
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (folder: string, path: readonly string[]): void => {
    if (path.includes(folder)) found.push([...path.slice(path.indexOf(folder)), folder])
    if (path.includes(folder) || done.has(folder)) return
    for (const other of next.get(folder) ?? []) visit(other, [...path, folder])
    done.add(folder)
  }
  for (const folder of next.keys()) visit(folder, [])
  return found
}

const script = (line: string) => `<script lang="ts">\n${line}\n</script>\n<p>x</p>\n`

test('the console keeps the law', () => {
  const root = import.meta.dirname
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.(ts|svelte)$/.test(file) && !/\.test\.ts$|^testing\//.test(file) && file !== 'ambient.d.ts')
  expect(files.filter((file) => file.endsWith('.svelte')).length).toBeGreaterThan(100)
  expect(breaches(Object.fromEntries(files.map((file) => [file, readFileSync(join(root, file), 'utf8')])))).toEqual([])
})

test.each<[string, Sources, string]>([
  [
    'a component that imports another room',
    { 'ui/A.svelte': script("import { it } from '@hub/platform'") },
    'ui/A.svelte imports @hub/platform',
  ],
  [
    'a component that imports a room past its door, and only a type',
    { 'ui/A.svelte': script("import type { It } from '@hub/core/src/rate'") },
    'ui/A.svelte imports @hub/core/src/rate',
  ],
  [
    'a page that imports another page',
    { 'pages/map/MapPage.svelte': script("import Table from '../devices/Table.svelte'") },
    'pages/map/MapPage.svelte imports another page: pages/devices/Table.svelte',
  ],
  [
    'a page that loads another page in its markup',
    { 'pages/map/MapPage.svelte': "{#await import('../devices/Table.svelte')}…{/await}" },
    'pages/map/MapPage.svelte imports another page: pages/devices/Table.svelte',
  ],
  [
    'the router that knows a page',
    { 'router/address.ts': "import type { Q } from '../pages/reports/query.ts'" },
    'router/address.ts imports pages/reports/query.ts above it',
  ],
  [
    'a file outside the console',
    { 'lib/a.ts': "export * from '../../../gateway/src/index.ts'" },
    'lib/a.ts leaves the console: ../../gateway/src/index.ts',
  ],
  ['a folder that has no layer', { 'ui/a.ts': "import '../attic/b.ts'" }, 'attic/b.ts is in no layer'],
  [
    'two shared folders that import each other, though no two files do',
    {
      'shared/orders/A.svelte': script("import B from '../outages/B.svelte'"),
      'shared/outages/c.ts': "import { d } from '../orders/d.ts'",
    },
    'a circle of folders: shared/orders → shared/outages → shared/orders',
  ],
])('the law finds %s', (_, sources, breach) => expect(breaches(sources)).toEqual([breach]))
