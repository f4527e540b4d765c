/** The few calls that set a new hub up: the same public API that anybody has. */
import { apiBase } from '@hub/contracts'

export type HubClient = Awaited<ReturnType<typeof logIn>>

/** Resolves when `/healthz` answers. */
export async function untilHealthy(address: string, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1_000
  for (;;) {
    const answer = await fetch(`${address}/healthz`).catch(() => undefined)
    if (answer?.ok) return
    if (performance.now() > deadline) throw new Error(`${address}/healthz did not answer within ${seconds} s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Logs in and returns a caller that carries the cookie. A problem answer is thrown with its detail. */
export async function logIn(address: string, user: string, password: string) {
  const first = await send('POST', '/session', JSON.stringify({ user, password }))
  const cookie = first.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  await first.arrayBuffer()

  async function send(
    method: string,
    path: string,
    body?: string,
    type = 'application/json',
    cookies = '',
  ): Promise<Response> {
    const headers: Record<string, string> = { 'accept-language': 'zh', cookie: cookies }
    if (body !== undefined) headers['content-type'] = type
    const answer = await fetch(`${address}${apiBase}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    })
    if (answer.ok) return answer
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string }
    throw new Error(`${method} ${path}: ${answer.status} ${problem.detail ?? ''}`)
  }

  return {
    /** What a client of the live stream, or a browser, carries. */
    cookie,
    get: async <T>(path: string) => (await (await send('GET', path, undefined, undefined, cookie)).json()) as T,
    post: async <T>(path: string, body: string, type?: string) =>
      (await (await send('POST', path, body, type, cookie)).json()) as T,
    logOut: async () => void (await send('DELETE', '/session', undefined, undefined, cookie)),
  }
}
