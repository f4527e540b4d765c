/** The one way to the hub's API. Every failure is an `ApiError`: offline, or the hub's own problem details. */
import type { Problem } from '@hub/contracts'

const base = '/api/v1'
const readingMs = 30_000

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

let speaks: () => string = () => 'zh'
let onSessionEnd: () => void = () => {}

/** What the client needs of the rest: the language of problem texts, and whom to tell that the session ended. */
export function configureClient(options: { language: () => string; onSessionEnd: () => void }): void {
  speaks = options.language
  onSessionEnd = options.onSessionEnd
}

type Options = { method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'; json?: unknown; csv?: Blob; signal?: AbortSignal }

/** Resolves with the answer's JSON, or undefined for 204. */
export async function call<T>(path: string, { method = 'GET', json, csv, signal }: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': speaks() }
  if (json !== undefined) headers['Content-Type'] = 'application/json'
  if (csv) headers['Content-Type'] = 'text/csv'
  // A hub that hangs must not leave a reading open for ever. What changes something may take its time (an import).
  const limits = [signal, method === 'GET' ? AbortSignal.timeout(readingMs) : undefined].filter((s) => s !== undefined)
  const response = await fetch(base + path, {
    method,
    headers,
    body: csv ?? (json === undefined ? null : JSON.stringify(json)),
    signal: AbortSignal.any(limits),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new ApiError(0, null)
  })
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
  if (response.status === 401 && path !== '/session') onSessionEnd()
  // A proxy in front of a hub that is down answers for it.
  const silent = response.status >= 502 && !isJson(response)
  throw new ApiError(silent ? 0 : response.status, isJson(response) ? ((await response.json()) as Problem) : null)
}

const isJson = (response: Response): boolean => (response.headers.get('content-type') ?? '').includes('json')
