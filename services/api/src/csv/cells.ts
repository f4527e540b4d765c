/**
 * Cells that a spreadsheet would run as a formula (CWE-1236). Export puts one `'` before them, import takes one away; a
 * cell that already begins so gets one more, hence import undoes export exactly.
 */
export const neutralise = (cell: string): string => (/^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)
export const restore = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)
