/** Sizes of files, in powers of a thousand as disks are sold: `820 B`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'] as const
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1_000 ** power
  return `${power === 0 ? value : value.toFixed(1)}\u00a0${units[power]}`
}
