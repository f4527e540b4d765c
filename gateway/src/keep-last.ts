/**
 * The list with one more at its end, and its oldest gone when it had `most`. In place where it can be: a list at each of 20,000 cameras is
 * changed with every probe. It never has room for more than it holds, as one that grows by `push` would.
 */
export function keepLast<T>(list: T[], one: T, most: number): T[] {
  if (list.length !== most) return [...list.slice(Math.max(0, list.length + 1 - most)), one]
  for (let i = 1; i < most; i++) list[i - 1] = list[i]!
  list[most - 1] = one
  return list
}
