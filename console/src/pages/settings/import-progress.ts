/** How far the import of a file is. The hub answers at its end only: until then the bytes sent are known, and how many more devices stand on record. */
import type { StepPace } from '@hub/core'

/**
 * @param rows of the file, without its heading
 * @param gained devices on record since the import began
 * @param elapsedMs since the file was sent
 * @returns null while nothing was gained: rows that change devices on record do not add to their number
 */
export function rowsEntered(rows: number, gained: number, elapsedMs: number): StepPace | null {
  if (gained <= 0 || rows <= 0) return null
  const done = Math.min(gained, rows)
  const perSecond = elapsedMs > 0 ? (gained * 1_000) / elapsedMs : 0
  const left = rows - done
  return {
    step: 'recorded',
    done,
    of: rows,
    perSecond,
    leftMs: perSecond > 0 && left > 0 ? (left * 1_000) / perSecond : null,
  }
}

/** Lines of a CSV file after its heading: read piece by piece, a file may be tens of megabytes. A line break within a field counts as one. */
export async function countRows(file: Blob): Promise<number> {
  const lineFeed = 10
  let lines = 0
  let last = lineFeed
  const reader = file.stream().getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    for (const byte of value) if (byte === lineFeed) lines++
    last = value.at(-1) ?? last
  }
  return Math.max(0, lines + (last === lineFeed ? 0 : 1) - 1)
}

/** `1.4 MB`; small files in kB. */
export function formatBytes(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)}\u00a0kB` : `${(bytes / 1_000_000).toFixed(1)}\u00a0MB`
}
