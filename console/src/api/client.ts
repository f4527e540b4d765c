/** The one way to the hub's API. Every failure is an `ApiError`: offline, or the hub's own problem details. */
import type { Problem } from '@hub/contracts'

const base = '/api/v1'
const requestMs = 30_000

export class ApiError extends Error {
  /** 0 when the hub did not answer at all. */
  readonly status: number
  readonly problem: Problem | null
  constructor(status: number, problem: Problem | null) {
    super(problem?.detail ?? (status === 0 ? 'offline' : `HTTP ${status}`))
    this.name = 'ApiError'
    this.status = status
    this.problem = problem
  }
}

let languageInForce: () => string = () => 'zh'
let onSessionEnd: () => void = () => {}

/** What the client needs of the rest: the language of problem texts, and what to call when the session ended. */
export function configureClient(options: { language: () => string; onSessionEnd: () => void }): void {
  languageInForce = options.language
  onSessionEnd = options.onSessionEnd
}

type Options = { method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'; json?: unknown; signal?: AbortSignal }

export const urlOf = (path: string): string => base + path

/** @param type of the body; none without one */
export const headersOf = (type?: string): Record<string, string> => ({
  Accept: 'application/json',
  'Accept-Language': languageInForce(),
  ...(type && { 'Content-Type': type }),
})

/** Resolves with the answer's JSON, or undefined for 204. */
export async function call<T>(path: string, { method = 'GET', json, signal }: Options = {}): Promise<T> {
  // A hub that hangs must not leave a request open for ever. What changes something may take its time.
  const limits = [signal, method === 'GET' ? AbortSignal.timeout(requestMs) : undefined].filter((s) => s !== undefined)
  const response = await fetch(urlOf(path), {
    method,
    headers: headersOf(json === undefined ? undefined : 'application/json'),
    body: json === undefined ? null : JSON.stringify(json),
    signal: AbortSignal.any(limits),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new ApiError(0, null)
  })
  return answerOf<T>(path, response.status, response.headers.get('content-type') ?? '', () => response.json())
}

/** What an answer of the hub means, however it was asked for. @param read the answer's JSON */
export async function answerOf<T>(
  path: string,
  status: number,
  type: string,
  read: () => Promise<unknown>,
): Promise<T> {
  if (status >= 200 && status < 300) return (status === 204 ? undefined : await read()) as T
  if (status === 401 && path !== '/session') onSessionEnd()
  const isJson = type.includes('json')
  // A proxy in front of a hub that is down answers for it.
  const silent = status >= 502 && !isJson
  throw new ApiError(silent ? 0 : status, isJson ? ((await read()) as Problem) : null)
}
