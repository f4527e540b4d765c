/** The live stream as any client reads it. */
import { apiBase, StreamEvents, type Transition } from '@hub/contracts'

export type Stream = {
  /** All that have come since it was opened, in order. */
  readonly transitions: readonly Transition[]
  close(): void
}

/** Resolves when the first event, the snapshot, has come. */
export async function openStream(address: string, cookie: string): Promise<Stream> {
  const abort = new AbortController()
  const answer = await fetch(`${address}${apiBase}/stream`, { headers: { cookie }, signal: abort.signal })
  if (!answer.ok || !answer.body) throw new Error(`stream: ${answer.status}`)
  const transitions: Transition[] = []
  const opened = Promise.withResolvers<void>()

  const take = (event: string) => {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(event)?.[1]
    if (field('event') === 'snapshot') opened.resolve()
    if (field('event') === 'transition') transitions.push(StreamEvents.transition.parse(JSON.parse(field('data')!)))
  }
  const read = async (body: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true })
      const events = text.split('\n\n')
      text = events.pop()!
      for (const event of events) take(event)
    }
  }
  read(answer.body).catch(opened.reject)
  await opened.promise
  return { transitions, close: () => abort.abort() }
}
