/** As much of `EventSource` as the console uses, over `fetch`: the DOM of the tests has none. */
export class StreamSource extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSED = 2
  readyState = StreamSource.CONNECTING
  onerror: (() => void) | null = null
  readonly #abort = new AbortController()

  constructor(path: string) {
    super()
    void this.#read(path)
  }

  close(): void {
    this.readyState = StreamSource.CLOSED
    this.#abort.abort()
  }

  async #read(path: string): Promise<void> {
    try {
      const response = await fetch(path, { signal: this.#abort.signal })
      if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`)
      this.readyState = StreamSource.OPEN
      this.dispatchEvent(new Event('open'))
      const decoder = new TextDecoder()
      let rest = ''
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) this.#dispatch(block)
      }
    } catch {
      // A stream that was closed has nobody to hear of it.
      if (this.#abort.signal.aborted) return
    }
    if (this.readyState === StreamSource.CLOSED) return
    this.readyState = StreamSource.CLOSED
    this.onerror?.()
  }

  #dispatch(block: string): void {
    const lines = block.split('\n')
    const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
    const [event, data] = [field('event'), field('data')]
    if (event && data !== undefined) this.dispatchEvent(new MessageEvent(event, { data }))
  }
}
