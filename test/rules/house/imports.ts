/** What each file of the program imports when it runs: types are gone by then. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '../../..')
const exempt = /\.test\.ts$|\/testing\/|\/(node_modules|dist|build|examples|generated)\//

/** Path from the root → text. */
export function programTexts(
  folders = ['services/*/src', 'gateway/src', 'device-sims/src', 'console/src'],
): Map<string, string> {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,svelte}`, { cwd: root }))
  return new Map(
    files.filter((file) => !exempt.test(file)).map((file) => [file, readFileSync(join(root, file), 'utf8')]),
  )
}

/** Which file a specifier means, from the root; undefined for a package and for what is no program text. */
function resolve(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier))
  const room = /^@hub\/([\w-]+)$/.exec(specifier)?.[1]
  if (room === undefined) return undefined
  return [`services/${room}/src/index.ts`, `${room}/src/index.ts`].find((file) => existsSync(join(root, file)))
}

/** The script of a component; the whole of any other file. */
const scriptOf = (file: string, text: string): string =>
  file.endsWith('.svelte') ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((m) => m[1]).join('\n') : text

/** Files that a file imports when it runs, `import()` left out: that is loaded later. */
export function importsOf(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, scriptOf(file, text), ts.ScriptTarget.Latest)
  return source.statements.flatMap((node) => {
    if (!(ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) || isTypeOnly(node)) return []
    const { moduleSpecifier } = node
    const found = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) && resolve(file, moduleSpecifier.text)
    return found ? [found] : []
  })
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  const named = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause
  const whole = ts.isImportDeclaration(node)
    ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    : node.isTypeOnly
  if (whole) return true
  if (ts.isImportDeclaration(node) && node.importClause?.name) return false
  const isList = named && (ts.isNamedImports(named) || ts.isNamedExports(named))
  return isList ? named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly) : false
}

/** The longest way from one file to the next by imports. A file on a circle counts once: circles are another rule's. */
export function longestChain(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const known = new Map<string, string[]>()
  const open = new Set<string>()
  const from = (file: string): string[] => {
    const done = known.get(file)
    if (done || open.has(file)) return done ?? []
    open.add(file)
    const ways = (imports.get(file) ?? []).map(from)
    open.delete(file)
    const way = [file, ...ways.reduce((longest, other) => (other.length > longest.length ? other : longest), [])]
    known.set(file, way)
    return way
  }
  return [...imports.keys()].map(from).reduce((longest, way) => (way.length > longest.length ? way : longest), [])
}
