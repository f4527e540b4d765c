/** Which tables a text of SQL names, and which of them it writes. Not a parser: it knows where SQL puts the name of a table. */

export type Named = { table: string; write: boolean }

/** Stands in a text for what is known only when the program runs. */
export const hole = '¿'

type Token = { text: string; word: boolean }

/** A value; comments; a name in quotes; a name or a keyword, with holes; whatever else. */
const pattern =
  /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|"([^"]+)"|\[(\w+)\]|`([^`]+)`|([A-Za-z_¿][\w$¿]*)|\d[\w.]*|\S/g

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  for (const [all, quoted, bracketed, ticked, plain] of sql.matchAll(pattern)) {
    const name = quoted ?? bracketed ?? ticked ?? plain
    if (name !== undefined) tokens.push({ text: name, word: true })
    else if (!all.startsWith('--') && !all.startsWith('/*')) tokens.push({ text: all, word: false })
  }
  return tokens
}

/** A statement, or a part of one that names a table: keywords are written in capitals here, as everywhere in the hub. */
export const looksLikeSql = (text: string): boolean =>
  /\b(SELECT|FROM|JOIN|INSERT|REPLACE|INTO|UPDATE|DELETE|CREATE|ALTER|DROP|REFERENCES)\b/.test(text) &&
  /\b(FROM|JOIN|INTO|TABLE|INDEX|TRIGGER|VIEW|REFERENCES|UPDATE)\s+[\w"'([¿]/.test(text)

const afterFrom = new Set([
  'WHERE',
  'GROUP',
  'ORDER',
  'LIMIT',
  'UNION',
  'EXCEPT',
  'INTERSECT',
  'RETURNING',
  'ON',
  'SET',
  'HAVING',
])
const joining = new Set(['JOIN', 'CROSS', 'INNER', 'LEFT', 'NATURAL', 'OUTER', 'RIGHT', 'FULL'])

/** In the order of the text. `hole` as a table: a name that is not in the text. */
export function tablesOf(sql: string): Named[] {
  const tokens = tokensOf(sql)
  const found: Named[] = []
  const local = new Set<string>()
  const at = (i: number) => tokens[i]?.text ?? ''
  const is = (i: number, ...words: string[]) => tokens[i]?.word === true && words.includes(at(i))
  const put = (i: number, write: boolean) => {
    if (!tokens[i]?.word) return
    const table = at(i + 1) === '.' ? at(i + 2) : at(i)
    found.push({ table, write })
  }
  /** Not a subquery, nor a function that gives rows. */
  const putRead = (i: number) => {
    if (at(i + 1) !== '(') put(i, false)
  }
  /** The list after FROM: names at the depth at which it began, apart by commas, up to what ends it. */
  const list = (from: number) => {
    let depth = 0
    let expected = true
    for (let i = from; i < tokens.length; i++) {
      const text = at(i)
      if (text === '(') depth++
      else if (text === ')' && --depth < 0) return
      if (depth > 0 || text === ')') {
        expected = false
        continue
      }
      if (text === ';' || (tokens[i]!.word && (afterFrom.has(text) || joining.has(text)))) return
      if (text === ',') expected = true
      else if (expected) {
        putRead(i)
        expected = false
      }
    }
  }
  for (let i = 0; i < tokens.length; i++) {
    if (!tokens[i]!.word) continue
    if (is(i, 'AS') && (at(i + 1) === '(' || is(i + 1, 'MATERIALIZED'))) local.add(nameBefore(tokens, i))
    if (is(i, 'DELETE') && is(i + 1, 'FROM')) put(++i + 1, true)
    else if (is(i, 'FROM')) list(i + 1)
    else if (is(i, 'JOIN')) putRead(i + 1)
    else if (is(i, 'REFERENCES')) put(i + 1, false)
    else if (is(i, 'INTO')) put(i + 1, true)
    else if (is(i, 'UPDATE') && is(i + 1, 'OR')) put(i + 3, true)
    else if (is(i, 'UPDATE') && !is(i + 1, 'SET', 'OF', 'ON', 'BEGIN')) put(i + 1, true)
    else if (is(i, 'TABLE', 'VIEW')) put(is(i + 1, 'IF') ? i + (is(i + 2, 'NOT') ? 4 : 3) : i + 1, true)
    else if (is(i, 'INDEX', 'TRIGGER') && is(i - 1, 'CREATE', 'UNIQUE', 'TEMP')) {
      // What it hangs on: whoever makes an index or a trigger changes that table.
      for (let j = i + 1; j < tokens.length && !is(j, 'BEGIN'); j++)
        if (is(j, 'ON')) {
          put(j + 1, true)
          break
        }
    }
  }
  return found.filter(({ table }) => !local.has(table))
}

/** The name that `AS (` defines: of a common table expression, its columns left out. */
function nameBefore(tokens: readonly Token[], as: number): string {
  let i = as - 1
  if (tokens[i]?.text === ')') while (i > 0 && tokens[i]!.text !== '(') i--
  return tokens[tokens[as - 1]?.text === ')' ? i - 1 : i]?.text ?? ''
}
