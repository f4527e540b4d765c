/** The one text of a JSON value, for hashes: RFC 8785 (JSON Canonicalization Scheme). */

/**
 * Members sorted by UTF-16 code units (3.2.3), numbers and strings as ECMAScript writes them (3.2.2). A member that is
 * undefined is no member. Throws TypeError for what JSON cannot say: NaN, infinities, lone surrogates, other types.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is no JSON number`)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} is no JSON value`)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${text(name)}:${canonicalJson(member)}`).join(',')}}`
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('a lone surrogate is no JSON text')
  return JSON.stringify(value)
}
