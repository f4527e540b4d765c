/** Holds a pack against the anchor: what was told outside when cards were sealed, one JSON object a line. Nobody who only has the hub can change it. */
import type { Findings } from './findings.ts'
import type { Pack } from './pack.ts'

export type AnchorLine = {
  seq: number
  fingerprint: string
  previous: string | null
  hub: string
  card: string
  sealedAt: number
  keys: Record<string, string>
}

/** @returns the lines in order; of two with one number the first counts */
export function readAnchor(text: string, found: Findings): AnchorLine[] {
  const lines = new Map<number, AnchorLine>()
  for (const [n, one] of text.split('\n').entries()) {
    if (one.trim() === '') continue
    try {
      const line: AnchorLine = JSON.parse(one)
      const before = lines.get(line.seq)
      if (before && before.fingerprint !== line.fingerprint)
        found.fault('anchor', 'anchor-twice', `${line.seq}: ${line.fingerprint}`)
      if (!before) lines.set(line.seq, line)
    } catch {
      found.fault('anchor', 'anchor-unreadable', n + 1)
    }
  }
  const all = [...lines.values()].sort((a, b) => a.seq - b.seq)
  found.count('anchor', all.length)
  for (const [n, line] of all.entries()) {
    const before = all[n - 1]
    if (before && (before.seq !== line.seq - 1 || before.fingerprint !== line.previous))
      found.fault('anchor', 'anchor-chain', line.seq)
    if (before && before.hub !== line.hub) found.fault('anchor', 'anchor-hub-changed', `${line.seq}: ${line.hub}`)
  }
  return all
}

const cardText = ({ month, subject, version }: NonNullable<Pack['predicate']>['card']): string =>
  `${month} ${subject.kind} ${subject.key} ${version}`

export function checkAnchored({ found, predicate, fingerprint, keys }: Pack, lines: readonly AnchorLine[]): void {
  if (!predicate) return
  const line = lines.find(({ seq }) => seq === predicate.seq)
  if (!line) found.fault('anchor', 'not-anchored', predicate.seq)
  else if (line.fingerprint !== fingerprint)
    found.fault('anchor', 'anchor-other', `${predicate.seq}: ${line.fingerprint}`)
  const [first] = lines
  if (first && first.hub !== predicate.hub) found.fault('anchor', 'hub-key-other', predicate.hub)
  const before = lines.find(({ seq }) => seq === predicate.seq - 1)
  if (before && before.fingerprint !== predicate.previous) found.fault('anchor', 'chain-broken', predicate.seq)
  const text = cardText(predicate.card)
  const same = lines.find(({ card, seq }) => card === text && seq !== predicate.seq)
  if (same) found.fault('anchor', 'sealed-twice', `${text}: ${same.seq}`)
  const { month, subject, version } = predicate.card
  const prefix = `${month} ${subject.kind} ${subject.key} `
  for (const later of lines)
    if (later.card.startsWith(prefix) && Number(later.card.slice(prefix.length)) > version)
      found.note('anchor', 'superseded', later.card)
  // A key that was told outside before this pack was sealed is known to it, or somebody has taken it away.
  const known = new Set(keys.filter(({ pinnedAt }) => pinnedAt !== null).map(({ gateway, key }) => `${gateway} ${key}`))
  const told = lines.filter(({ seq }) => seq <= predicate.seq).flatMap((one) => Object.entries(one.keys))
  const gateways = new Set(keys.map(({ gateway }) => gateway))
  for (const pair of new Set(told.map(([gateway, key]) => `${gateway} ${key}`)))
    if (gateways.has(pair.split(' ')[0]!) && !known.has(pair)) found.fault('anchor', 'gateway-key-other', pair)
}
