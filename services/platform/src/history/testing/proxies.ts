/** What may stand between the hub and its InfluxDB, and do it ill. */
import { once } from 'node:events'
import { createServer as createHttp, request } from 'node:http'
import { type AddressInfo, connect, createServer as createTcp } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** `lie`: a write is answered with 204 and forgotten. `fail`: with 503. `poison`: with 500 when it has `poison` in it. `small`: with 413 beyond `mostBytes`. */
export type Manner = 'honest' | 'lie' | 'fail' | 'poison' | 'small'

export async function createLiar(target: string) {
  const state = { manner: 'honest' as Manner, swallowed: 0, poison: '', mostBytes: 0 }
  const seen: string[] = []
  /** The status with which a write is answered instead of the server; undefined: it is let through. */
  const faultOf = (body: Buffer, encoding: string): number | undefined => {
    if (state.manner === 'lie') return 204
    if (state.manner === 'fail') return 503
    if (state.manner === 'small') return body.length > state.mostBytes ? 413 : undefined
    const text = (encoding === 'gzip' ? gunzipSync(body) : body).toString()
    return text.includes(state.poison) ? 500 : undefined
  }
  const server = createHttp(async (from, to) => {
    const { authorization, 'content-encoding': packed = 'plain' } = from.headers
    seen.push(`${from.method} ${from.url} ${authorization} ${packed}`)
    const writing = from.url?.startsWith('/write')
    const body = Buffer.concat(await from.toArray())
    const fault = writing && state.manner !== 'honest' ? faultOf(body, packed) : undefined
    if (fault !== undefined) {
      state.swallowed++
      return void to.writeHead(fault).end(fault === 204 ? undefined : '{"error":"no"}')
    }
    const on = request(`${target}${from.url}`, { method: from.method, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(to)
    })
    on.on('error', () => to.destroy())
    on.end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
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
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  }
}
