/** A real HTTP receiver on the loopback: keeps what it got, and answers what the test says. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Got = { url: string; headers: Record<string, string | string[] | undefined>; body: string }
type Answer = (response: ServerResponse, got: Got) => void

export const answers = (status: number, body = '', headers: Record<string, string> = {}): Answer => {
  return (response) => void response.writeHead(status, headers).end(body)
}

export async function createReceiver(first: Answer = answers(200)) {
  const got: Got[] = []
  let answer = first
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const one = { url: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString() }
      got.push(one)
      answer(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    got,
    url: `http://127.0.0.1:${port}`,
    answer(next: Answer) {
      answer = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
