/** For machines that watch the hub: `/healthz` alive, `/readyz` able to do its work, `/metrics` for Prometheus. */
import { HubError } from '@hub/contracts'
import type { Bus, Clock, History, Metrics, RecordStore } from '@hub/platform'
import type { Express, Request } from 'express'
import type { Authenticate } from './mount.ts'

type Part = { ok: boolean; why?: string }
type Parts = { clock: Clock; record: RecordStore; history: History; bus: Bus; metrics: Metrics }
const patienceMs = 2_000

/** What is wrong is said by code only: a message may hold an address or a path. */
async function check(clock: Clock, work: () => Promise<unknown>): Promise<Part> {
  let cancel = () => {}
  const late = new Promise<Part>((resolve) => {
    cancel = clock.after(patienceMs, () => resolve({ ok: false, why: `no answer in ${patienceMs} ms` }))
  })
  const done = work().then(
    (): Part => ({ ok: true }),
    (err: unknown): Part => ({ ok: false, why: err instanceof HubError ? err.code : 'failed' }),
  )
  return Promise.race([done, late]).finally(() => cancel())
}

async function ready({ clock, record, history, bus }: Parts) {
  const key = 'ready'
  const value = String(clock.now())
  const [recordPart, historyPart] = await Promise.all([
    check(clock, () =>
      record.db
        .insertInto('meta')
        .values({ key, value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }))
        .execute(),
    ),
    check(clock, () => history.ready()),
  ])
  const busPart: Part = bus.connected ? { ok: true } : { ok: false, why: 'not connected' }
  return { record: recordPart, history: historyPart, bus: busPart }
}

/** From this machine, and not for somebody behind a proxy on it. */
const fromHere = (req: Request) =>
  /^(::ffff:)?127\.|^::1$/.test(req.socket.remoteAddress ?? '') && req.headers['x-forwarded-for'] === undefined

export function mountMonitoring(app: Express, parts: Parts, authenticate: Authenticate): void {
  app.get('/healthz', (_req, res) => res.set('Cache-Control', 'no-store').json({ ok: true }))
  app.get('/readyz', async (_req, res) => {
    const state = await ready(parts)
    const ok = Object.values(state).every((part) => part.ok)
    res
      .status(ok ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ok, ...state })
  })
  app.get('/metrics', async (req, res) => {
    if (!fromHere(req) && !(await authenticate(req))) throw new HubError('session.required')
    res.set('Content-Type', parts.metrics.contentType).send(await parts.metrics.text())
  })
}
