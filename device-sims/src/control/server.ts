/** The fault control: a small HTTP service on a loopback address. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { errorTable, HubError } from '@hub/contracts'
import type { Events } from '../camera/events/raise.ts'
import type { ActLog } from '../faults/acts.ts'
import type { Faults } from '../faults/faults.ts'
import { readClearance, readEventOrder, readOrder } from '../faults/order.ts'
import type { TruthLog } from '../faults/truth.ts'
import type { Fleet } from '../fleet/types.ts'

export type Control = { host: string; port: number; close(): Promise<void> }

type Answer = { status: number; type?: string; body: string }
type Route = (body: unknown) => Answer

const largestBody = 65_536
const json = (value: unknown, status = 200): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
})

/** Rejects when the address is not loopback or the port is taken. */
export async function serveControl(
  at: { host: string; port: number },
  fleet: Fleet,
  faults: Faults,
  events: Events,
  truth: TruthLog,
  acts: ActLog,
): Promise<Control> {
  if (!/^127\.|^localhost$|^::1$/.test(at.host))
    throw new HubError('request.invalid', { field: 'control', value: at.host, limit: 'must be a loopback address' })
  const routes: Record<string, Route> = {
    'GET /devices': () => json({ cameras: fleet.cameras, sensors: fleet.sensors }),
    'GET /log': () => ({ status: 200, type: 'application/x-ndjson', body: truth.text() }),
    'GET /acts': () => json(acts.all()),
    'GET /faults': () => json(faults.active()),
    'POST /faults': (body) => json({ devices: faults.begin(readOrder(body)) }),
    'DELETE /faults': (body) => {
      const { match, fault } = readClearance(body)
      return json({ ended: faults.end(match, fault) })
    },
    'POST /events': (body) => json({ devices: events.raise(readEventOrder(body)) }),
  }
  const server = createServer((request, response) => void handle(routes, request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(at.port, at.host, resolve)
  })
  const address = server.address()
  return {
    host: at.host,
    port: typeof address === 'object' && address ? address.port : at.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function handle(
  routes: Record<string, Route>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = `${request.method} ${request.url?.split('?')[0]}`
  let answer: Answer
  try {
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined
    if (!route) throw new HubError('route.unknown', { value: name })
    answer = route(request.method === 'GET' ? undefined : await readJson(request))
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    const { status } = errorTable[error.code]
    answer = json({ status, code: error.code, detail: error.message }, status)
  }
  response.writeHead(answer.status, { 'content-type': answer.type ?? 'text/plain' }).end(answer.body)
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > largestBody) throw new HubError('request.too-large', { limit: largestBody })
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new HubError('request.not-json', { limit: (error as Error).message })
  }
}
