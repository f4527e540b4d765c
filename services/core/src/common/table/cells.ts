/**
 * The cells of one line of a separated file (RFC 4180, but that no cell holds a line break: a quote that is not closed in its own line
 * would take the lines after it with it). A quote inside a cell that does not begin with one is refused: it is the end of such a cell.
 */
export type LineFault = 'quote-open' | 'quote-stray'

export function cellsOf(line: string, separator: string): string[] | LineFault {
  if (!line.includes('"')) return line.split(separator)
  const cells: string[] = []
  for (let at = 0; ; ) {
    if (line[at] === '"') {
      let text = ''
      for (;;) {
        const end = line.indexOf('"', at + 1)
        if (end < 0) return 'quote-open'
        text += line.slice(at + 1, end)
        at = end + 1
        if (line[at] !== '"') break
        text += '"'
      }
      cells.push(text)
      if (at === line.length) return cells
      if (!line.startsWith(separator, at)) return 'quote-stray'
      at++
    } else {
      const found = line.indexOf(separator, at)
      const cell = found < 0 ? line.slice(at) : line.slice(at, found)
      // `="4304…"` is how some programs keep Excel from taking a code for a number.
      if (cell.includes('"') && !/^="[^"]*"$/.test(cell)) return 'quote-stray'
      cells.push(cell)
      if (found < 0) return cells
      at = found + 1
    }
  }
}

export const separators = [',', ';', '\t'] as const
export type Separator = (typeof separators)[number]

/** The separator by which a heading has most names that are known. */
export function separatorOf(heading: string, isKnown: (name: string) => boolean): Separator {
  const known = (separator: Separator) => {
    const cells = cellsOf(heading, separator)
    return typeof cells === 'string' ? 0 : cells.filter((cell) => isKnown(cell.trim())).length
  }
  return separators.reduce((best, other) => (known(other) > known(best) ? other : best))
}
