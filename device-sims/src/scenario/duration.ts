/** `90s`, `15m`, `2h`, `1d` or plain milliseconds, as milliseconds; undefined for anything else, and for nothing. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text)
  if (!match) return undefined
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] ?? 'ms']!
  const ms = Math.round(Number(match[1]) * unit)
  return ms > 0 ? ms : undefined
}
