/** Asks a hub over HTTP as one of its users. */

/** Of the users whom the golden folder has beside those of a first start. */
const passwordOf = (user: string): string => `golden ${user} password`

const api = '/api/v1'

/** Logs in and returns a caller that carries the cookie. @throws Error with the answer when it is a problem */
export async function logIn(address: string, user: string, password = passwordOf(user)) {
  let cookie = ''
  async function send(method: string, route: string, body?: unknown, type = 'application/json') {
    const answer = await fetch(address + api + route, {
      method,
      headers: {
        'accept-language': 'en',
        cookie,
        ...(body !== undefined && { 'content-type': type }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${user}: ${method} ${route}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const first = await send('POST', '/session', { user, password })
  cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  await first.text()
  /** JSON as it is, anything else as text. */
  const read = async (answer: Response): Promise<unknown> => {
    const text = await answer.text()
    return answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text
  }
  return {
    get: async (route: string) => read(await send('GET', route)),
    send: async (method: string, route: string, body?: unknown, type?: string) =>
      read(await send(method, route, body, type)),
  }
}
export type Client = Awaited<ReturnType<typeof logIn>>
