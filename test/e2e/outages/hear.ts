/** All that the live stream says to one session, as it stands on the wire. */
import { apiBase } from '@hub/contracts'

export type Heard = { text(): string; close(): void }

/** Resolves when the stream is open. @param cookie of the session */
export async function hear(address: string, cookie: string): Promise<Heard> {
  const abort = new AbortController()
  const { body } = await fetch(`${address}${apiBase}/stream`, { headers: { cookie }, signal: abort.signal })
  let text = ''
  const read = async () => {
    const decoder = new TextDecoder()
    for await (const chunk of body!) text += decoder.decode(chunk, { stream: true })
  }
  read().catch(() => {})
  return { text: () => text, close: () => abort.abort() }
}
