/** JSON in pieces: a list of 20,000 rows is not made into text at one stretch. */

/** Elements of a list in one piece. */
export const piece = 500

/** The same text as `JSON.stringify`. */
export function* piecesOf(value: unknown): Generator<string> {
  if (Array.isArray(value) && value.length > piece) {
    for (let at = 0; at < value.length; at += piece) {
      const part = JSON.stringify(value.slice(at, at + piece)).slice(1, -1)
      yield (at === 0 ? '[' : ',') + part
    }
    yield ']'
  } else if (isLong(value)) {
    let before = '{'
    for (const [key, part] of Object.entries(value)) {
      if (part === undefined) continue
      yield `${before}${JSON.stringify(key)}:`
      yield* piecesOf(part)
      before = ','
    }
    yield '}'
  } else yield JSON.stringify(value)
}

export const isLong = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).some((part) => Array.isArray(part) && part.length > piece)
