/** Statements that are prepared once for many runs: to compile one costs more than to run it. */

/** Characters of SQL that are kept: some 100 bytes of memory each, and a few hundred statements. */
const mostCharacters = 128 * 1024
/** A list of thousands of values is seldom as long a second time. */
const longest = 8 * 1024

/** @returns the statement of a text: kept from before, or prepared now. Those that were not asked for longest are forgotten. */
export function createStatementCache<S>(
  prepare: (sql: string) => S,
  limits = { mostCharacters, longest },
): (sql: string) => S {
  const kept = new Map<string, S>()
  let characters = 0
  return (sql) => {
    const statement = kept.get(sql) ?? prepare(sql)
    if (sql.length > limits.longest) return statement
    if (!kept.delete(sql)) characters += sql.length
    // Last in order of use.
    kept.set(sql, statement)
    for (const oldest of kept.keys()) {
      if (characters <= limits.mostCharacters) break
      kept.delete(oldest)
      characters -= oldest.length
    }
    return statement
  }
}
