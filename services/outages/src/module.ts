/** Outages: transitions become outages with a cause, an owner, a clock and an end. */

import { dayMs, hourMs, monthOf, secondMs } from '@hub/core'
import { ChangedIds, type Module, periodic, settingsOf, tablesOf } from '@hub/platform'
import { changesOf } from './audience.ts'
import { takeAutomaticTransitions } from './automatic-transitions.ts'
import { lifePolicyOf, type OutagesConfig, outagesConfig } from './config.ts'
import { Follower } from './follower.ts'
import { outageHandlers } from './handlers.ts'
import { Inventory } from './inventory.ts'
import { agreementOf } from './judgements.ts'
import { outageMetrics } from './metrics.ts'
import { outagesMigrations } from './migrations/index.ts'
import { notificationRequests } from './notifications.ts'
import { correctOutages, recentOutages } from './store.ts'
import type { OutagesDb } from './tables.ts'
import { outagesViews } from './views.ts'
import { consumeWorkOrders, orders } from './work-orders.ts'

/** Of outages that were closed within this time somebody may still have to be told. */
const recentMs = 7 * dayMs
const agreementEverySeconds = 60
const learnEverySeconds = hourMs / secondMs

export const outagesModule: Module<OutagesConfig> = {
  name: 'outages',
  migrations: outagesMigrations,
  views: outagesViews,
  config: outagesConfig,
  consumes: [orders],
  routes: (deps) => ({ handlers: outageHandlers(deps) }),
  create(deps) {
    const { config, bus, clock, log, outbox, publishChange, record } = deps
    const { db } = tablesOf<OutagesDb>(record)
    const { startupGraceSeconds } = config.policy
    const life = lifePolicyOf(config.policy)
    const metrics = outageMetrics(deps.metrics)
    const inventory = new Inventory(record)
    let follower: Follower
    const changed = new ChangedIds()
    const stops: (() => Promise<void>)[] = []

    const publish = async (ids: readonly string[]) => {
      for (const change of await changesOf(db, ids)) publishChange(change)
    }
    const every = (seconds: number, name: string, work: () => Promise<unknown>) =>
      void stops.push(periodic(clock, log, seconds * secondMs, name, work))

    const settle = async () => {
      const due = changed.take()
      if (due !== undefined) {
        await inventory.read(due).catch((err: unknown) => {
          changed.add(due)
          throw err
        })
        follower.registryChanged(due)
      }
      const written = await follower.settle().catch((err: unknown) => {
        metrics.failedWrites.inc()
        throw err
      })
      await publish([...written.outages.map(({ id }) => id), ...written.gone])
    }
    const observeAgreement = async () => {
      const { months } = await agreementOf(db, clock.now())
      const current = months.find(({ month }) => month === monthOf(clock.now()))
      metrics.judged.set(current?.judged ?? 0)
      metrics.agreed.set(current?.agreed ?? 0)
    }
    /** What a crash has left; and once, after an upgrade, all that notify has not been told of. */
    const correct = () =>
      record.commit((sqlite) => {
        const [now, settings] = [clock.now(), settingsOf(sqlite, 'outages')]
        const changed = correctOutages(sqlite)
        const first = settings.get('requested') === undefined
        const ids = first ? recentOutages(sqlite, now - recentMs) : changed
        outbox.appendAll(notificationRequests(sqlite)(ids, now))
        if (first) settings.put('requested', String(now))
      })
    return {
      async start() {
        await inventory.read(null)
        await inventory.learn(clock.now())
        await correct()
        follower = new Follower({ ...deps, inventory, metrics, graceMs: startupGraceSeconds * secondMs })
        stops.push(
          await bus.subscribe('transitions', (transition) => follower.hear(transition)),
          await bus.subscribe('corrections', (correction) => follower.correct(correction)),
          await bus.subscribe('dataLag', (lag) => follower.lag(lag)),
          await consumeWorkOrders(deps),
        )
        stops.push(
          await bus.subscribe('registry.changed', ({ devices }) => changed.add(devices)),
          await bus.subscribe('topology.changed', () => changed.add(null)),
        )
        every(1, 'outages', settle)
        every(agreementEverySeconds, 'agreement on outages', observeAgreement)
        await observeAgreement()
        every(learnEverySeconds, 'cohorts', () => inventory.learn(clock.now()))
        every(5, 'automatic transitions of outages', async () =>
          publish(await takeAutomaticTransitions(deps, life, clock.now(), config.policy.outages.ordersAtClose)),
        )
      },
      async stop() {
        for (const stop of stops.splice(0)) await stop()
        await follower?.settle()
      },
    }
  },
}
