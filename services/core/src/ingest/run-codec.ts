/**
 * Runs of a closed day or month as bytes: a healthy camera's hour takes about eighteen. Each run is told by what differs from the one before
 * it, as variable-length integers (LEB128). The codes are those of the stored files: the lists may grow at their end only.
 */
import type { Reason, Rung, Verdict } from '@hub/contracts'
import type { Run } from './types.ts'

const format = 1

export const storedVerdicts = ['pass', 'degraded', 'fail', 'blind'] as const satisfies readonly Verdict[]
export const storedRungs = [
  'reachable',
  'answers',
  'authenticated',
  'describes',
  'decodes',
  'fresh',
] as const satisfies readonly Rung[]
export const storedReasons = [
  'refused',
  'timeout',
  'unreachable',
  'reset',
  'http-status',
  'soap-fault',
  'unauthorised',
  'malformed',
  'too-large',
  'tls',
  'slow',
  'clock',
  'frozen',
  'no-stream',
  'no-data',
  'out-of-range',
  'gateway-network',
  'address-conflict',
  'certificate',
] as const satisfies readonly Reason[]

/** @param runs ascending. @throws RangeError for a word that has no code: a new one must be added to the lists above */
export function encodeRuns(runs: readonly Run[]): Uint8Array {
  const bytes: number[] = [format]
  put(bytes, runs.length)
  let before = { at: 0, validity: 0, gap: 0 }
  for (const { verdict, rung, reason, firstAt, lastAt, freshUntil, count, heads } of runs) {
    const validity = freshUntil - lastAt
    bytes.push(codeOf(storedVerdicts, verdict), codeOf(storedRungs, rung))
    bytes.push(reason === undefined ? 0 : 1 + codeOf(storedReasons, reason))
    putSigned(bytes, firstAt - before.at)
    put(bytes, lastAt - firstAt)
    putSigned(bytes, validity - before.validity)
    put(bytes, count)
    put(bytes, heads.length)
    let { gap } = before
    for (let i = 1; i < heads.length; i++) {
      const is = heads[i]! - heads[i - 1]!
      putSigned(bytes, is - gap)
      gap = is
    }
    before = { at: lastAt, validity, gap }
  }
  return Uint8Array.from(bytes)
}

/** @throws RangeError for bytes that `encodeRuns` did not make */
export function decodeRuns(bytes: Uint8Array): Run[] {
  if (bytes[0] !== format) throw new RangeError(`runs of format ${bytes[0]} are not known`)
  let position = 1
  const byte = (): number => {
    const is = bytes[position++]
    if (is === undefined) throw new RangeError('runs end before their end')
    return is
  }
  const take = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const is = byte()
      value += (is & 127) * scale
      if (is < 128) return value
    }
  }
  const takeSigned = (): number => {
    const coded = take()
    return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2
  }
  let before = { at: 0, validity: 0, gap: 0 }
  return Array.from({ length: take() }, (): Run => {
    const verdict = wordOf(storedVerdicts, byte())
    const rung = wordOf(storedRungs, byte())
    const reasonCode = byte()
    const firstAt = before.at + takeSigned()
    const lastAt = firstAt + take()
    const validity = before.validity + takeSigned()
    const count = take()
    const heads = Array.from({ length: take() }, () => firstAt)
    let { gap } = before
    for (let i = 1; i < heads.length; i++) {
      gap += takeSigned()
      heads[i] = heads[i - 1]! + gap
    }
    before = { at: lastAt, validity, gap }
    const reason = reasonCode === 0 ? {} : { reason: wordOf(storedReasons, reasonCode - 1) }
    return { verdict, rung, ...reason, firstAt, lastAt, freshUntil: lastAt + validity, count, heads }
  })
}

function codeOf(words: readonly string[], word: string): number {
  const code = words.indexOf(word)
  if (code < 0) throw new RangeError(`${word} has no code`)
  return code
}

function wordOf<W>(words: readonly W[], code: number): W {
  const word = words[code]
  if (word === undefined) throw new RangeError(`there is no word of code ${code}`)
  return word
}

function put(bytes: number[], value: number): void {
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  bytes.push(rest)
}

const putSigned = (bytes: number[], value: number): void => put(bytes, value < 0 ? -2 * value - 1 : 2 * value)
