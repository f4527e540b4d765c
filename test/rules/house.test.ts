/** The measures of the house: how deep it is, how wide its doors are, how much ground floor there is; and that threads obey the law. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { importsOf, longestChain, programTexts } from './house/imports.ts'
import { breaches, loadedFiles } from './house/threads.ts'

const root = join(import.meta.dirname, '../..')
const texts = programTexts()
const roomOf = (file: string): string => /^services\/[^/]+|^[^/]+/.exec(file)![0]

describe('the longest import chain', () => {
  const imports = new Map([...texts].map(([file, text]) => [file, importsOf(file, text)] as const))
  const rooms = [...new Set([...texts.keys()].map(roomOf))]
  const most = 12

  test.each(rooms)('of %s, from file to file inside the room, is at most twelve', (room) => {
    const own = [...imports].filter(([file]) => roomOf(file) === room)
    const chain = longestChain(new Map(own.map(([file, to]) => [file, to.filter((other) => roomOf(other) === room)])))
    if (chain.length >= most) console.log(`${room}: ${chain.length}\n  ${chain.join('\n  ')}`)
    expect(chain.length, chain.join(' → ')).toBeLessThanOrEqual(most)
  })

  // A file counts here and not its import of a door: a feature room, the platform, core and contracts are one step each.
  test('of rooms is at most six: hub, a feature room, platform, core, contracts', () => {
    const doors = new Map<string, Set<string>>()
    for (const [file, to] of imports)
      for (const other of to)
        if (roomOf(other) !== roomOf(file))
          doors.set(roomOf(file), (doors.get(roomOf(file)) ?? new Set()).add(roomOf(other)))
    const chain = longestChain(new Map([...doors].map(([room, to]) => [room, [...to]])))
    console.log(`rooms: ${chain.join(' → ')}`)
    expect(chain.length).toBeLessThanOrEqual(6)
  })

  test('is found, without what is imported for its types alone', () => {
    const file = 'services/hub/src/a.ts'
    expect(
      importsOf(
        file,
        `import type { A } from './t.ts'\nimport { type B } from './u.ts'\nexport type * from './v.ts'\nimport './w.ts'
         import c, { type D } from './x.ts'\nexport * from '@hub/core'\nimport { join } from 'node:path'`,
      ),
    ).toEqual(['services/hub/src/w.ts', 'services/hub/src/x.ts', 'services/core/src/index.ts'])
    const next = new Map([
      ['a', ['b', 'c']],
      ['b', ['d']],
      ['c', ['b']],
      ['d', ['a']],
    ])
    expect(longestChain(next)).toEqual(['a', 'c', 'b', 'd'])
  })
})

describe('a door', () => {
  /** Vocabularies and technology, which many use in many ways. */
  const wide = ['contracts', 'core', 'platform']
  const most = 40
  const rooms = readdirSync(join(root, 'services')).filter((room) => !wide.includes(room))

  test.each(rooms)('of %s exports at most forty names', (room) => {
    const names = exportedNames(readFileSync(join(root, 'services', room, 'src/index.ts'), 'utf8'))
    expect(names.length, names.join(' ')).toBeLessThanOrEqual(most)
  })

  test('names what it exports: a star would let in whatever a file has', () => {
    expect(exportedNames("export { a, type B } from './a.ts'\nexport const c = 1\nexport type D = 1")).toEqual([
      'a',
      'B',
      'c',
      'D',
    ])
    expect(() => exportedNames("export * from './a.ts'")).toThrow('a star')
  })
})

function exportedNames(text: string): string[] {
  return ts.createSourceFile('index.ts', text, ts.ScriptTarget.Latest).statements.flatMap((node) => {
    if (ts.isExportDeclaration(node)) {
      if (!node.exportClause || !ts.isNamedExports(node.exportClause)) throw new Error('a door exports a star')
      return node.exportClause.elements.map(({ name }) => name.text)
    }
    const isExported =
      ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    if (!isExported) return []
    if (ts.isVariableStatement(node))
      return node.declarationList.declarations.map(({ name }) => (name as ts.Identifier).text)
    return [(node as ts.DeclarationStatement).name?.text ?? 'default']
  })
}

test('the platform has at most 4,000 lines: it is technology and knows no feature', () => {
  const lines = [...texts]
    .filter(([file]) => file.startsWith('services/platform/src/'))
    .reduce((sum, [, text]) => sum + text.split('\n').length - 1, 0)
  console.log(`platform: ${lines} lines`)
  expect(lines).toBeLessThanOrEqual(4_000)
})

describe('what threads and children load', () => {
  test('is a file of their own room, named in the text', () => {
    const loads = [...texts].filter(([file]) => file.endsWith('.ts')).flatMap(([file, text]) => loadedFiles(file, text))
    expect(loads.length).toBeGreaterThanOrEqual(5)
    expect(breaches(loads)).toEqual([])
  })

  const file = 'services/reports/src/exports/a.ts'
  test.each([
    [
      'a worker of another room',
      "new Worker(new URL('../../../uptime/src/open.ts', import.meta.url))",
      'services/uptime/src/open.ts, a file of another room',
    ],
    [
      'a reader of another room',
      "const m = new URL('../../../uptime/src/open.ts', import.meta.url)\nrecord.reader(m, readings)",
      'services/uptime/src/open.ts, a file of another room',
    ],
    [
      'a child of another room',
      "fork(new URL('../../../../gateway/src/main.ts', import.meta.url), [])",
      'gateway/src/main.ts, a file of another room',
    ],
    [
      'a file that is not there',
      "new Worker(new URL('./absent.ts', import.meta.url))",
      'services/reports/src/exports/absent.ts, which is not there',
    ],
    [
      'a file for tests',
      "fork(new URL('../testing/rig.ts', import.meta.url))",
      'services/reports/src/testing/rig.ts, which is for tests',
    ],
    ['a path that is made while it runs', 'new Worker(join(folder, name))', 'a file that its text does not name'],
  ])('a planted violation is found: %s', (_, text, why) => {
    const found = breaches(loadedFiles(file, text))
    expect(found).toEqual([expect.stringMatching(/^services\/reports\/src\/exports\/a\.ts:\d loads /)])
    expect(found[0]).toContain(why)
  })
})
