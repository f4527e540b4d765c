/**
 * A quick yes for observations that are plainly valid. It may only ever be stricter than the schema of contracts: a no
 * means "let the schema decide", so the schema alone refuses anything (a test holds the two together).
 */
import {
  eventTopics,
  type ObservationBatch,
  type Reason,
  type Rung,
  reasons,
  rungs,
  type Verdict,
  verdicts,
} from '@hub/contracts'

const verdictSet = new Set<unknown>(verdicts satisfies readonly Verdict[])
const rungSet = new Set<unknown>(rungs satisfies readonly Rung[])
const reasonSet = new Set<unknown>(reasons satisfies readonly Reason[])
const eventTopicSet = new Set<unknown>(eventTopics)
const latest = 8_640_000_000_000_000

const instant = (v: unknown): boolean => Number.isSafeInteger(v) && (v as number) >= 0 && (v as number) <= latest

function code(v: unknown): boolean {
  if (typeof v !== 'string' || v.length !== 20) return false
  for (let i = 0; i < 20; i++) {
    const digit = v.charCodeAt(i)
    if (digit < 48 || digit > 57) return false
  }
  return true
}

function values(v: unknown): boolean {
  if (typeof v !== 'object' || v === null || Array.isArray(v)) return false
  for (const name in v)
    if (name.length > 32 || name === '__proto__' || !Number.isFinite((v as Record<string, unknown>)[name])) return false
  return true
}

function event(v: unknown): boolean {
  if (typeof v !== 'object' || v === null) return false
  for (const key in v) if (key !== 'topic' && key !== 'active' && key !== 'source') return false
  const { topic, active, source } = v as Record<string, unknown>
  const named = typeof source === 'string' && source.length >= 1 && source.length <= 128
  return eventTopicSet.has(topic) && typeof active === 'boolean' && (source === undefined || named)
}

const base64 = /^(?:[\d+/A-Za-z]{4})*(?:[\d+/A-Za-z]{2}==|[\d+/A-Za-z]{3}=)?$/

function unread(v: unknown): boolean {
  if (typeof v !== 'object' || v === null) return false
  for (const key in v) if (key !== 'reason' && key !== 'payload') return false
  const { reason, payload } = v as Record<string, unknown>
  if (typeof reason !== 'string' || reason.length < 1 || reason.length > 512) return false
  return typeof payload === 'string' && payload.length <= 1_368 && base64.test(payload)
}

function observation(o: Record<string, unknown> | null): boolean {
  if (typeof o !== 'object' || o === null) return false
  for (const key in o) {
    const v = o[key]
    switch (key) {
      case 'device':
        if (!code(v)) return false
        break
      case 'at':
        if (!instant(v)) return false
        break
      case 'kind':
        if (v !== 'probe' && v !== 'telemetry' && v !== 'event') return false
        break
      case 'verdict':
        if (!verdictSet.has(v)) return false
        break
      case 'rung':
        if (!rungSet.has(v)) return false
        break
      case 'reason':
        if (!reasonSet.has(v)) return false
        break
      case 'every':
        if (!Number.isSafeInteger(v) || (v as number) < 100 || (v as number) > 86_400_000) return false
        break
      case 'ms':
        if (!Number.isFinite(v) || (v as number) < 0 || (v as number) > 600_000) return false
        break
      case 'values':
        if (!values(v)) return false
        break
      case 'event':
        if (!event(v)) return false
        break
      case 'deadLetter':
        if (!unread(v)) return false
        break
      default:
        return false
    }
  }
  return (
    o.device !== undefined &&
    o.at !== undefined &&
    o.kind !== undefined &&
    o.verdict !== undefined &&
    o.rung !== undefined &&
    o.every !== undefined &&
    (o.kind === 'event') === (o.event !== undefined)
  )
}

const sealed = (v: unknown): boolean => {
  if (typeof v !== 'object' || v === null) return false
  for (const key in v) if (key !== 'key' && key !== 'signature') return false
  const { key, signature } = v as Record<string, unknown>
  return base64url(key, 43) && base64url(signature, 86)
}

const base64url = (v: unknown, length: number): boolean =>
  typeof v === 'string' && v.length === length && /^[A-Za-z0-9_-]+$/.test(v)

const headerKeys = new Set(['v', 'gateway', 'epoch', 'seq', 'observations', 'seal'])

/** True only for what `ObservationBatch` accepts. False: ask the schema. */
export function isPlainlyBatch(input: unknown): input is ObservationBatch {
  if (typeof input !== 'object' || input === null) return false
  const batch = input as Record<string, unknown>
  for (const key in batch) if (!headerKeys.has(key)) return false
  const { v, gateway, epoch, seq, observations, seal } = batch
  if (v !== 1 || !code(gateway) || !instant(epoch) || !Number.isSafeInteger(seq) || (seq as number) < 1) return false
  if (!Array.isArray(observations) || observations.length < 1 || observations.length > 5_000) return false
  if (seal !== undefined && !sealed(seal)) return false
  for (const o of observations) if (!observation(o)) return false
  return true
}
