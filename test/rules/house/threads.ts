/**
 * Threads and child processes load a file that no import names, so the import law cannot see the step. Here it is read: a file that is
 * loaded so is named by a path in the text, exists, and lies in the room of whoever loads it, where its own imports are under the law.
 */
import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '../../..')

export type Loaded = { file: string; line: number; target: string | undefined }

/** Where a thread, a child or a reader is given its file. `target`: from the root; undefined where the text does not say. */
export function loadedFiles(file: string, text: string): Loaded[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const constants = new Map<string, ts.Expression>()
  const loads: ts.Expression[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      constants.set(node.name.text, node.initializer)
    const loaded = loadOf(node)
    if (loaded) loads.push(loaded)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return loads.map((expression) => {
    const given = ts.isIdentifier(expression) ? (constants.get(expression.text) ?? expression) : expression
    const { line } = source.getLineAndCharacterOfPosition(expression.getStart(source))
    const path = pathOf(given)
    return { file, line: line + 1, target: path && normalize(join(dirname(file), path)) }
  })
}

/** The file that `new Worker(…)`, `fork(…)` or `….reader(…, …)` is given. */
function loadOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Worker') return node.arguments?.[0]
  if (!ts.isCallExpression(node)) return undefined
  const { expression } = node
  if (ts.isIdentifier(expression) && expression.text === 'fork') return node.arguments[0]
  const isReader = ts.isPropertyAccessExpression(expression) && expression.name.text === 'reader'
  return isReader && node.arguments.length === 2 ? node.arguments[0] : undefined
}

/** `new URL('./x.ts', import.meta.url)` */
function pathOf(node: ts.Expression): string | undefined {
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'URL') return undefined
  const [path, base] = node.arguments ?? []
  return path && ts.isStringLiteral(path) && base?.getText() === 'import.meta.url' ? path.text : undefined
}

const roomOf = (file: string): string => /^services\/[^/]+|^[^/]+/.exec(file)![0]

/** Each breach in a sentence. */
export function breaches(loads: readonly Loaded[], exists = (file: string) => existsSync(join(root, file))): string[] {
  return loads.flatMap(({ file, line, target }) => {
    const at = `${file}:${line}`
    if (target === undefined) return [`${at} loads a file that its text does not name`]
    if (roomOf(target) !== roomOf(file)) return [`${at} loads ${target}, a file of another room`]
    if (/\.test\.ts$|\/testing\//.test(target)) return [`${at} loads ${target}, which is for tests`]
    return exists(target) ? [] : [`${at} loads ${target}, which is not there`]
  })
}
