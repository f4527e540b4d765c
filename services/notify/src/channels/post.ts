/** One POST of JSON: no redirect is followed, ten seconds in all, a small answer. Nothing of the address gets into what it returns. */
import { failed, type Outcome, sent } from './outcome.ts'

export type PostLimits = { timeoutMs: number; answerBytes: number }
export const postLimits: PostLimits = { timeoutMs: 10_000, answerBytes: 65_536 }

export type Request = { url: string; body: string; headers?: Readonly<Record<string, string>> }

/**
 * @param read what the answer with a status of 2xx says; without it the status is all that counts
 * @param now for a `Retry-After` that is a date
 */
export async function post(
  { url, body, headers = {} }: Request,
  now: () => number,
  limits: PostLimits = postLimits,
  read?: (answer: unknown) => Outcome,
): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(limits.timeoutMs),
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'hengyang-hub', ...headers },
      body,
    })
    if (!response.ok || !read) {
      await response.body?.cancel()
      return response.ok ? sent : ofStatus(response.status, response.headers.get('retry-after'), now())
    }
    const text = await readText(response, limits.answerBytes)
    return text === null ? failed('the answer is too long') : read(jsonOf(text))
  } catch (err) {
    return failed(problemOf(err))
  }
}

/** RFC 9110: 408 and 429 pass by themselves, as do errors of the server; another 4xx says that the request is wrong. */
function ofStatus(status: number, retryAfter: string | null, now: number): Outcome {
  if (status >= 300 && status < 400) return failed(`HTTP ${status}: redirects are not followed`, true)
  const passing = status >= 500 || status === 408 || status === 429
  return failed(`HTTP ${status}`, !passing, passing ? retryAfterMs(retryAfter, now) : null)
}

/** RFC 9110 10.2.3: seconds, or a date. */
function retryAfterMs(value: string | null, now: number): number | null {
  if (value === null) return null
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1_000
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

async function readText(response: Response, most: number): Promise<string | null> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    // Leaving the loop cancels the body.
    if (size > most) return null
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The code of a network error, of whichever layer: its message holds the address. */
export function problemOf(err: unknown): string {
  for (let cause = err, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause.name === 'TimeoutError') return 'no answer in time'
    const code = (cause as { code?: unknown }).code
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code)) return code
  }
  return 'not sent'
}
