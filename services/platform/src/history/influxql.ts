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
