/**
 * What C, Python and small firmware print in the place of JSON: `nan`, `-nan(ind)`, `1.#INF`, `True`, `None`, `+5`, quotes of one stroke, commas
 * too many, whatever a buffer held after its NUL. What is no value becomes null, so that one does not spoil those beside it. Pure.
 */
import { readJson } from '../json.ts'

/** In this order: a text stays as it is, whatever stands in it. */
const tokens =
  /("(?:[^"\\]|\\.)*")|'((?:[^'\\]|\\.)*)'|,(?=\s*[,}\]])|(:)(?=\s*[,}\]])|(?<=[{[]\s{0,8}),|([^\s"'{}[\],:]+)/g
const figure = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

/** The value, or undefined when the bytes are not even nearly JSON. */
export function readNearlyJson(payload: Uint8Array): unknown {
  const [text = ''] = Buffer.from(payload).toString().split('\0', 1)
  const mended = text.replace(tokens, (_, quoted?: string, single?: string, colon?: string, bare?: string) => {
    if (quoted !== undefined) return quoted
    if (single !== undefined) return JSON.stringify(single)
    if (colon !== undefined) return ':null'
    return bare === undefined ? '' : literalOf(bare)
  })
  return readJson(Buffer.from(mended))
}

function literalOf(bare: string): string {
  if (/^(?:true|false)$/i.test(bare)) return bare.toLowerCase()
  return figure.test(bare) && Number.isFinite(Number(bare)) ? String(Number(bare)) : 'null'
}
