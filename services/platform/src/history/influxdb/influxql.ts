/** InfluxQL as text: what comes from outside enters only through these. */

/** A string literal. */
export const text = (value: string): string =>
  `'${value.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`

/** An identifier. */
export const name = (value: string): string =>
  `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`

/** A time or a duration, in milliseconds. */
export const ms = (value: number): string => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number of milliseconds: ${value}`)
  return `${value}ms`
}

/** `tag` is one of `values`, of which there is at least one. */
export const oneOf = (tag: string, values: readonly string[]): string =>
  `(${values.map((value) => `${name(tag)} = ${text(value)}`).join(' OR ')})`

/** The same for a long list: thousands of comparisons cost the parser the square of their number, one pattern does not (measured on 1.6.7). */
export const anyOf = (tag: string, values: readonly string[]): string =>
  `${name(tag)} =~ /^(${values.map((value) => value.replace(/[^A-Za-z0-9_ -]/g, escaped)).join('|')})$/`

/** One character of a Go regular expression inside slashes. */
const escaped = (character: string): string => `\\x{${character.codePointAt(0)!.toString(16)}}`
