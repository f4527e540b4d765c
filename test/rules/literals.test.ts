/** Literals are written plainly: spreading one into another only outwits the formatter. */
import { globSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, test } from 'vitest'

const files = globSync('{services,gateway,console,device-sims,infra,test}/**/*.ts', {
  exclude: ['**/node_modules/**', '**/dist/**', '**/generated/**'],
})

/** Lines that spread a literal of an object into an object, or of an array into an array. */
function spreadLiterals(text: string): number[] {
  const source = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true)
  const lines: number[] = []
  const visit = (node: ts.Node): void => {
    const literal =
      (ts.isSpreadAssignment(node) && ts.isObjectLiteralExpression(node.expression)) ||
      (ts.isSpreadElement(node) &&
        ts.isArrayLiteralExpression(node.expression) &&
        ts.isArrayLiteralExpression(node.parent))
    if (literal) lines.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return lines
}

test('no literal is spread into another', () => {
  expect(files.length).toBeGreaterThan(900)
  const found = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    return /\.\.\.\s*[{[]/.test(text) ? spreadLiterals(text).map((line) => `${file}:${line}`) : []
  })
  expect(found).toEqual([])
})

test('one that is planted is found, and what is chosen by a condition is none', () => {
  expect(spreadLiterals('const a = { ...{ b: 1 }, c: 2 }\nconst d = [...[1, 2], 3]')).toEqual([1, 2])
  expect(
    spreadLiterals('const a = { ...(b ? { c: 1 } : {}), ...d }\nconst e = [...f, ...(g ? [1] : [])]\nh(...[1])'),
  ).toEqual([])
})
