/**
 * The anchor: what was sealed, one line each, in a file outside the Record. Whoever can write the Record must not be able to write the anchor: put it on
 * another machine. Lines are only ever appended; of two with one number the first counts.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

export type AnchorLine = {
  v: 1
  seq: number
  fingerprint: string
  previous: string | null
  hub: string
  /** `YYYY-MM kind key version`. */
  card: string
  sealedAt: number
  /** The pinned key of each gateway that the card rests on. */
  keys: Record<string, string>
}

export interface Anchor {
  /** By number. @throws when the file cannot be read or a line is none */
  lines(): Map<number, AnchorLine>
  append(line: AnchorLine): void
}

export const openAnchor = (path: string): Anchor => ({
  lines() {
    const lines = new Map<number, AnchorLine>()
    if (!existsSync(path)) return lines
    for (const text of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
      const line: AnchorLine = JSON.parse(text)
      if (!lines.has(line.seq)) lines.set(line.seq, line)
    }
    return lines
  },
  append(line) {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(path, 'a', 0o600)
    try {
      writeSync(file, `${JSON.stringify(line)}\n`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  },
})
