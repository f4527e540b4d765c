/** Where a dead letter came from: a topic, or a part of the hub. Pure. */

export type LetterSource = { kind: 'device' | 'gateway' | 'history' | 'other'; id: string }

/** The browser has no schemas of contracts, so no table of topics either: their levels say enough. */
const kinds = [
  ['device', /^field\/v1\/(\d{20})\//],
  ['gateway', /^hub\/v1\/gateways\/(\d{20})\//],
  ['history', /^history\/(.+)$/],
] as const

export function sourceOf(source: string): LetterSource {
  for (const [kind, pattern] of kinds) {
    const id = pattern.exec(source)?.[1]
    if (id) return { kind, id }
  }
  return { kind: 'other', id: source }
}
