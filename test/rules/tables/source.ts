/** Which tables a file of the program names, in Kysely's calls and in texts of SQL, and whether it speaks SQL of one engine. */
import ts from 'typescript'
import { hole, looksLikeSql, tablesOf } from './sql.ts'

export type Use = { table: string; write: boolean; line: number }
/** The table of a use whose name cannot be read in the file. */
export const unknownTable = '(unknown)'

/** Kysely's calls whose first argument names tables. */
const reading = ['selectFrom', 'using', 'innerJoin', 'leftJoin', 'rightJoin', 'fullJoin', 'crossJoin']
const lateral = ['innerJoinLateral', 'leftJoinLateral', 'crossJoinLateral']
const writing = [
  'insertInto',
  'replaceInto',
  'mergeInto',
  'updateTable',
  'deleteFrom',
  'createTable',
  'alterTable',
  'dropTable',
  'createView',
  'dropView',
]
const calls: ReadonlyMap<string, { write: boolean }> = new Map(
  [...reading, ...lateral, ...writing].map((name) => [name, { write: writing.includes(name) }]),
)

export type Read = {
  uses: Use[]
  /** Lines at which a statement of the engine itself is prepared or run, or its handle is taken. */
  raw: number[]
}

export function readSource(text: string, name = 'file.ts'): Read {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  const texts = new Texts(source)
  const uses: Use[] = []
  const raw = new Set<number>()
  /** Common table expressions. */
  const local = new Set<string>()
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
  const put = (table: string, write: boolean, node: ts.Node) =>
    void uses.push({ table: table.includes(hole) ? unknownTable : table, write, line: lineOf(node) })

  const visitCall = (node: ts.CallExpression) => {
    const called = node.expression
    if (!ts.isPropertyAccessExpression(called)) return
    const kind = calls.get(called.name.text)
    const [first] = node.arguments
    if (/^with(Recursive)?$/.test(called.name.text) && first && ts.isStringLiteralLike(first))
      local.add(first.text.split('(')[0]!)
    if (kind && first) for (const table of namesIn(first)) put(table, kind.write, node)
    const isTable = called.name.text === 'table' && isSql(called.expression)
    if (isTable && first) for (const table of texts.of(first) ?? [hole]) put(table, true, node)
    if (called.name.text === 'prepare' && node.arguments.length > 0) raw.add(lineOf(node))
    // What is run in a transaction, or on one snapshot, of the engine takes its handle.
    const takesHandle = first && ts.isFunctionLike(first) && first.parameters.length > 0
    if (['commit', 'snapshot'].includes(called.name.text) && takesHandle) raw.add(lineOf(node))
    if (called.name.text === 'exec' && first && (texts.of(first) ?? []).some(isStatement)) raw.add(lineOf(node))
  }
  /** `'device'`, `'device as d'`, several of them; a subquery names its own. */
  const namesIn = (node: ts.Expression): string[] => {
    if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(namesIn)
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isCallExpression(node)) return []
    return (texts.of(node) ?? [hole]).map((text) => text.split(/\s+as\s+/i)[0]!.trim())
  }
  const visitText = (node: ts.Expression) => {
    for (const sql of texts.of(node) ?? [])
      if (looksLikeSql(sql)) for (const { table, write } of tablesOf(sql)) put(table, write, node)
  }

  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) visitCall(node)
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) visitText(node)
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      if (node.moduleSpecifier.text === 'node:sqlite') raw.add(lineOf(node))
      return
    }
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'sqlite') raw.add(lineOf(node))
    if (ts.isBindingElement(node) && (node.propertyName ?? node.name).getText(source) === 'sqlite')
      raw.add(lineOf(node))
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { uses: unique(uses).filter(({ table }) => !local.has(table)), raw: [...raw].sort((a, b) => a - b) }
}

/** What an engine is given to run, told from what a regular expression is run on. */
const isStatement = (text: string): boolean =>
  /^\s*(PRAGMA|BEGIN|COMMIT|VACUUM|ROLLBACK|SAVEPOINT)\b/.test(text) || looksLikeSql(text)

/** The tag `sql` of Kysely. */
const isSql = (node: ts.Node): boolean => ts.isIdentifier(node) && node.text === 'sql'

function unique(uses: readonly Use[]): Use[] {
  const seen = new Map(uses.map((use) => [`${use.table} ${use.write} ${use.line}`, use]))
  return [...seen.values()]
}

/** At most so many texts are followed of one expression. */
const most = 64

/** What an expression may say, as far as the file tells: literals, what is put into them, constants, arguments of its own functions. */
class Texts {
  readonly #declared = new Map<string, { declaration: Declaration; scope: ts.Node }[]>()
  readonly #called = new Map<string, ts.CallExpression[]>()
  readonly #asked = new Set<ts.Node>()

  constructor(source: ts.SourceFile) {
    const visit = (node: ts.Node): void => {
      if (
        (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) &&
        ts.isIdentifier(node.name)
      )
        add(this.#declared, node.name.text, { declaration: node, scope: scopeOf(node) })
      if (ts.isCallExpression(node)) {
        const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression
        if (ts.isIdentifier(name)) add(this.#called, name.text, node)
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }

  /** Undefined when it cannot be told. What of a template cannot be told is a hole in it. */
  of(node: ts.Expression): string[] | undefined {
    if (this.#asked.has(node)) return undefined
    this.#asked.add(node)
    try {
      return this.#of(node)?.slice(0, most)
    } finally {
      this.#asked.delete(node)
    }
  }

  #of(node: ts.Expression): string[] | undefined {
    if (ts.isStringLiteralLike(node)) return [node.text]
    if (ts.isTemplateExpression(node)) return this.#template(node)
    if (ts.isTaggedTemplateExpression(node) && isSql(node.tag)) return this.of(node.template as ts.Expression)
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
      return this.of(node.expression)
    if (ts.isNonNullExpression(node)) return this.of(node.expression)
    if (ts.isConditionalExpression(node)) return all([node.whenTrue, node.whenFalse].map((one) => this.of(one)))
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      const [left, right] = [this.of(node.left) ?? [hole], this.of(node.right) ?? [hole]]
      return left.flatMap((a) => right.map((b) => a + b))
    }
    if (ts.isIdentifier(node)) return this.#identifier(node)
    return undefined
  }

  #template(node: ts.TemplateExpression): string[] {
    let texts = [node.head.text]
    for (const { expression, literal } of node.templateSpans) {
      const values = this.of(expression) ?? [hole]
      texts = texts.flatMap((text) => values.map((value) => text + value + literal.text)).slice(0, most)
    }
    return texts
  }

  #identifier(node: ts.Identifier): string[] | undefined {
    const declared = (this.#declared.get(node.text) ?? []).filter(({ scope }) => isWithin(node, scope))
    const inner = declared.sort((a, b) => b.scope.pos - a.scope.pos || a.scope.end - b.scope.end)[0]?.declaration
    return inner && this.#declaration(inner)
  }

  #declaration(node: Declaration): string[] | undefined {
    if (ts.isParameter(node)) return this.#argument(node)
    if (ts.isBindingElement(node)) return this.#element(node)
    const loop = node.parent.parent
    if (ts.isForOfStatement(loop)) return this.#elementsOf(loop.expression)
    return node.initializer && this.of(node.initializer)
  }

  /** What the file's own calls give for a parameter. */
  #argument(node: ts.ParameterDeclaration): string[] | undefined {
    const { parent } = node
    const index = parent.parameters.indexOf(node)
    const named = ts.isFunctionDeclaration(parent) || ts.isMethodDeclaration(parent) ? parent.name : variableOf(parent)
    const calls = named && ts.isIdentifier(named) ? (this.#called.get(named.text) ?? []) : []
    if (calls.length === 0) return undefined
    return all(calls.map((call) => (call.arguments[index] ? this.of(call.arguments[index]) : undefined)))
  }

  /** `const [a, b] = condition ? [x, y] : [u, v]` */
  #element(node: ts.BindingElement): string[] | undefined {
    const { parent } = node
    const holder = parent.parent
    if (!ts.isArrayBindingPattern(parent) || !ts.isVariableDeclaration(holder) || !holder.initializer) return undefined
    const index = parent.elements.indexOf(node)
    return all(arraysOf(holder.initializer).map((array) => array && this.of(array.elements[index]!)))
  }

  #elementsOf(node: ts.Expression): string[] | undefined {
    const [array] = arraysOf(node)
    return array && all(array.elements.map((element) => this.of(element)))
  }
}

type Declaration = ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement

function arraysOf(node: ts.Expression): (ts.ArrayLiteralExpression | undefined)[] {
  if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) return arraysOf(node.expression)
  if (ts.isConditionalExpression(node)) return [...arraysOf(node.whenTrue), ...arraysOf(node.whenFalse)]
  return [ts.isArrayLiteralExpression(node) ? node : undefined]
}

const variableOf = (node: ts.Node): ts.Node | undefined =>
  ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined

const all = (parts: readonly (string[] | undefined)[]): string[] | undefined =>
  parts.some((part) => part === undefined) ? undefined : [...new Set(parts.flatMap((part) => part!))]

function add<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

const isWithin = (node: ts.Node, scope: ts.Node): boolean => node.pos >= scope.pos && node.end <= scope.end

function scopeOf(node: ts.Node): ts.Node {
  let scope = node.parent
  while (!ts.isSourceFile(scope) && !ts.isBlock(scope) && !ts.isFunctionLike(scope) && !ts.isForOfStatement(scope))
    scope = scope.parent
  return scope
}
