/** A password that one person reads out to another. */

/** Without letters that are taken for one another: 0 o, 1 l i. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const groups = 4
const size = 4

/** Random, in groups: `k7fd-9mwq-x3ta-hp4v`, 79 bits. */
export function firstPassword(): string {
  // 31 letters leave 8 values of a byte over: those are drawn again, so that no letter is likelier than another.
  const fair = 256 - (256 % letters.length)
  const all: string[] = []
  while (all.length < groups * size)
    for (const byte of crypto.getRandomValues(new Uint8Array(groups * size)))
      if (byte < fair) all.push(letters[byte % letters.length]!)
  return Array.from({ length: groups }, (_, n) => all.slice(n * size, (n + 1) * size).join('')).join('-')
}
