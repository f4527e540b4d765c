/** For machines that watch the hub: `/healthz` alive, and what is degraded; `/readyz` able to do its work, `/metrics` for Prometheus. */
import { HubError } from '@hub/contracts'
import { secondMs } from '@hub/core'
import type { Clock, HealthNote, History, MessageBus, Metrics, RecordStore } from '@hub/platform'
import type { Express, Request } from 'express'
import type { Authenticate } from './mount.ts'

type Part = { ok: boolean; why?: string }
type Parts = {
  clock: Clock
  record: Pick<RecordStore, 'ready'>
  history: History
  bus: Pick<MessageBus, 'connected'>
  metrics: Metrics
  health(): HealthNote[]
}
const patienceMs = 2 * secondMs

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
  const [recordPart, historyPart] = await Promise.all([
    check(clock, () => record.ready(clock.now())),
    check(clock, () => history.ready()),
  ])
  const busPart: Part = bus.connected ? { ok: true } : { ok: false, why: 'not connected' }
  return { record: recordPart, history: historyPart, bus: busPart }
}

/** From this machine, and not for somebody behind a proxy on it. */
const fromHere = (req: Request) =>
  /^(::ffff:)?127\.|^::1$/.test(req.socket.remoteAddress ?? '') && req.headers['x-forwarded-for'] === undefined

export function mountMonitoring(app: Express, parts: Parts, authenticate: Authenticate): void {
  // A hub that is behind lives: a restart would only put it further behind.
  app.get('/healthz', (_req, res) => {
    const degraded = parts.health()
    const status = degraded.length > 0 ? 'degraded' : 'good'
    res.set('Cache-Control', 'no-store').json({ ok: true, status, degraded })
  })
  app.get('/readyz', async (_req, res) => {
    const state = await ready(parts)
    const ok = Object.values(state).every((part) => part.ok)
    res
      .status(ok ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ok, ...state })
  })
  app.get('/metrics', async (req, res) => {
    const viewer = fromHere(req) ? undefined : await authenticate(req)
    if (!fromHere(req) && !viewer) throw new HubError('session.required')
    if (viewer?.mustChange) throw new HubError('password.change-first')
    res.set('Content-Type', parts.metrics.contentType).send(await parts.metrics.text())
  })
}
