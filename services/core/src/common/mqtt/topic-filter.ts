/** What a topic filter matches, and what it covers. MQTT 3.1.1 §4.7. Access is decided by coverage: a prefix says nothing about `+/x`. */

/** Whether messages on `topic` reach a subscriber of `filter`. */
export function matches(filter: string, topic: string): boolean {
  const wanted = filter.split('/')
  const levels = topic.split('/')
  // §4.7.2: a leading wildcard does not match a topic that begins with `$`.
  if (topic.startsWith('$') && (wanted[0] === '#' || wanted[0] === '+')) return false
  for (const [at, level] of wanted.entries()) {
    if (level === '#') return true
    if (at >= levels.length || (level !== '+' && level !== levels[at])) return false
    // `sport/#` also matches `sport` (§4.7.1.2).
    if (at === levels.length - 1 && wanted.length === at + 2 && wanted[at + 1] === '#') return true
  }
  return wanted.length === levels.length
}

/** Whether every topic that `requested` matches is also matched by `allowed`. `$share/group/filter` counts as its filter. */
export function covers(allowed: string, requested: string): boolean {
  const have = normal(allowed)
  const want = normal(unshared(requested))
  if (want[0]?.startsWith('$') && (have[0] === '+' || have[0] === '#')) return false
  for (let at = 0; ; at++) {
    if (have[at] === '#') return true
    // `sport/#` covers `sport`: the parent level.
    if (at === want.length) return at === have.length
    if (at === have.length || want[at] === '#') return false
    if (have[at] !== '+' && have[at] !== want[at]) return false
  }
}

/** Every topic has a first level, so `#` is `+/#`: one form for the two, so that each covers the other. */
const normal = (filter: string): string[] => (filter === '#' ? ['+', '#'] : filter.split('/'))

const unshared = (filter: string): string => /^\$share\/[^/]+\/(.+)$/s.exec(filter)?.[1] ?? filter
