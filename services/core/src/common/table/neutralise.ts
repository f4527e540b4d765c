/**
 * Cells that a spreadsheet would run as a formula (CWE-1236). Export puts one `'` before them, import takes one away; a
 * cell that already begins so gets one more, hence import undoes export exactly.
 */
export const neutralise = (cell: string): string => (/^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)
export const restore = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)

/**
 * Text that Excel, opening a CSV file, would make another value of: it keeps 15 digits of a number, drops zeros at the front, and reads
 * `3-4` as a day of April, `1E5` as 100,000.
 */
const spoiled =
  /^(\d{12,}|0\d+|\d+(\.\d+)?[eE]\d+|\d{1,4}[-/]\d{1,2}([-/]\d{1,4})?|\d{1,2}:\d{2}(:\d{2})?|\d{1,3}(,\d{3})+)$/

/**
 * Text as a cell of CSV that comes back as it was: no spreadsheet runs it, and a TAB before it makes Excel and WPS leave it as it is, so
 * that the code 43040500001320000001 stays whole.
 */
export const textCell = (text: string): string => (spoiled.test(text) ? `\t${text}` : neutralise(text))

/** A cell as it was meant: `marked` when the file says that it is text (a TAB before it, or `="…"`), and no spreadsheet took it for a number. */
export function readCell(cell: string): { text: string; marked: boolean } {
  const quoted = /^\s*="([^"]*)"\s*$/.exec(cell)
  if (quoted) return { text: quoted[1]!.trim(), marked: true }
  return { text: restore(cell.trim()), marked: /^\t/.test(cell) }
}
