/** What may stand between the hub and its InfluxDB, and do it ill. */
import { once } from 'node:events'
import { createServer as createHttp, request } from 'node:http'
import { type AddressInfo, connect, createServer as createTcp } from 'node:net'

/** `lie`: a write is answered with 204 and forgotten. `fail`: with 503. */
export type Manner = 'honest' | 'lie' | 'fail'

export async function createLiar(target: string) {
  const state = { manner: 'honest' as Manner, swallowed: 0 }
  const seen: string[] = []
  const server = createHttp((from, to) => {
    const { authorization, 'content-encoding': packed = 'plain' } = from.headers
    seen.push(`${from.method} ${from.url} ${authorization} ${packed}`)
    const writing = from.url?.startsWith('/write')
    if (writing && state.manner !== 'honest') {
      state.swallowed++
      from.resume().on('end', () => to.writeHead(state.manner === 'lie' ? 204 : 503).end())
      return
    }
    const on = request(`${target}${from.url}`, { method: from.method, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(to)
    })
    on.on('error', () => to.destroy())
    from.pipe(on)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    ...{ state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    /** Requests since this was asked last: method, path, authorization, encoding. */
    seen: () => seen.splice(0),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Passes a piece of what comes each `everyMs`, so that a big request takes longer than anybody waits. */
export async function createDrip(target: string) {
  const state = { everyMs: 0, bytes: 16_384 }
  const { port } = new URL(target)
  const server = createTcp((from) => {
    const to = connect(Number(port), '127.0.0.1')
    from.on('error', () => to.destroy())
    to.on('error', () => from.destroy())
    to.on('close', () => from.destroy())
    to.pipe(from)
    void (async () => {
      for await (const chunk of from)
        for (let at = 0; at < chunk.length; at += state.bytes) {
          if (state.everyMs > 0) await new Promise((resolve) => setTimeout(resolve, state.everyMs))
          to.write(chunk.subarray(at, at + state.bytes))
        }
      to.end()
    })().catch(() => to.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    ...{ state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    close: () => void server.close(),
  }
}
