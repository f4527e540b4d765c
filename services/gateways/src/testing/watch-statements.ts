/** What statements read: the rows that they give, and how the engine finds them. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'

export type Reading = {
  rows: number
  statements: number
  /** Of each statement, as EXPLAIN QUERY PLAN words it: `SCAN …` goes through a whole table or index, `SEARCH … (a=? AND b=?)` looks up. */
  plans: string[]
}

export function watchStatements(sqlite: DatabaseSync) {
  const prepare = sqlite.prepare.bind(sqlite)
  const texts: string[] = []
  let rows = 0
  sqlite.prepare = (text: string) => {
    texts.push(text)
    const statement = prepare(text)
    for (const name of ['all', 'iterate'] as const) {
      const run = statement[name].bind(statement) as (...values: never[]) => Iterable<unknown>
      statement[name] = ((...values: never[]) => {
        const given = [...run(...values)]
        rows += given.length
        return given
      }) as never
    }
    return statement as StatementSync
  }
  return {
    async during(work: () => Promise<void>): Promise<Reading> {
      texts.length = 0
      rows = 0
      await work()
      const run = texts.filter((text) => /^(select|insert|update|delete)/i.test(text))
      const plans = run.flatMap((text) => {
        const values = Array(text.split('?').length - 1).fill(null)
        return (prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values) as { detail: string }[]).map(
          ({ detail }) => detail,
        )
      })
      return { rows, statements: run.length, plans }
    },
  }
}
