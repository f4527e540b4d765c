/** Sentences on a trend, in Chinese: the source of the keys. `{name}` is a parameter. */
export const zh = {
  'overview.trend.summary': '{from} 至 {to} 的在线率：最低 {min}，最高 {max}，最新 {last}，目标 {target}。',
  'trend.target': '目标',
} as const
