/** Instants as people of the city read them: Asia/Shanghai, UTC+8 all year. */
const offset = 8 * 3_600_000

/** `YYYY-MM-DD HH:mm:ss`. */
export const cityTime = (at: number): string => new Date(at + offset).toISOString().slice(0, 19).replace('T', ' ')

/** Days since 1899-12-30 in the city's time, as spreadsheets count (ECMA-376 18.17.4.1). */
export const serialDay = (at: number): number => (at + offset) / 86_400_000 + 25_569

/** Hours, minutes, seconds: `743:05:09`. */
export function clockOf(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
