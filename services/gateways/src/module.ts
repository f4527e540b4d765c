/** Gateways: what they are, what they found and identified, and what they have to watch. */

import type { GatewayId, Inventory } from '@hub/contracts'
import { type Consumer, type Deps, type Module, type Running, receive, tablesOf, yieldToEventLoop } from '@hub/platform'
import { createAssignments } from './assignments.ts'
import { approvePending } from './auto-approval.ts'
import { type GatewaysConfig, gatewaysConfig } from './config.ts'
import { followSwaps, hasMoves } from './follow-swaps.ts'
import { commandHandlers } from './handlers/commands.ts'
import { discoveredHandlers } from './handlers/discovered.ts'
import { gatewayHandlers } from './handlers/gateways.ts'
import { rolloutHandlers } from './handlers/rollout.ts'
import { sensorCredentialHandlers } from './handlers/sensor-credentials.ts'
import { readIdentityChanges, writeIdentityChanges } from './identities.ts'
import { indexFound } from './index-found.ts'
import { wantedOf } from './inventory-digest.ts'
import { createKeyring } from './keys.ts'
import { gatewaysMigrations } from './migrations/index.ts'
import { keepPending } from './pending.ts'
import { indexPlannedSigns } from './planned-signs.ts'
import { isNothing, readFoundChanges, writeFoundChanges } from './put-found.ts'
import { fillAssigned, reassign } from './reassign.ts'
import { createRegistryChanged } from './registry-changed.ts'
import { slicesOf } from './slices.ts'
import { putGatewayStatus, putGateways } from './store.ts'
import type { GatewaysData } from './tables.ts'
import { assignSensors, beginCursor, takeRegistryChanges } from './take-registry-change.ts'
import { gatewaysViews } from './views.ts'

/** Devices of one transaction: ingest waits for it at most. */
const perTransaction = 250
const consumer = { name: 'gateways', messages: ['registry.changed'] } as const

export const gatewaysModule: Module<GatewaysConfig> = {
  name: 'gateways',
  migrations: gatewaysMigrations,
  views: gatewaysViews,
  config: gatewaysConfig,
  consumes: [consumer],
  /** Whoever reads a gateway's districts must find those of the configuration. */
  prepare: ({ record, config }) =>
    tablesOf<GatewaysData>(record).transaction(async (trx) => {
      await putGateways(trx, config.gateways)
      await fillAssigned(trx)
      await beginCursor(trx)
    }),
  routes: (deps) => ({
    handlers: {
      ...gatewayHandlers(deps),
      ...discoveredHandlers(deps),
      ...rolloutHandlers(deps),
      ...commandHandlers(deps),
      ...sensorCredentialHandlers(deps),
    },
  }),
  create,
}

function create(deps: Deps<GatewaysConfig>): Running {
  const { bus, config, clock, log, outbox } = deps
  const record = tablesOf<GatewaysData>(deps.record)
  const assignments = createAssignments({ ...deps, record })
  const takeKeyOf = createKeyring({ ...deps, record })
  const registryChanged = createRegistryChanged(deps)
  const closing: (() => Promise<void>)[] = []
  /** Gateways that others say have got a new assignment. */
  const changed = new Set<GatewayId>()
  let following = Promise.resolve()

  const rematch = config.demo !== undefined

  const takeInventory = async ({ gateway, found, identified, digest }: Inventory) => {
    let moved = false
    for (const some of slicesOf(found, perTransaction)) {
      const changes = await readFoundChanges(record.db, gateway, some)
      if (!isNothing(changes))
        await record.transaction((trx) => writeFoundChanges(trx, changes, clock.now(), { rematch }))
      moved ||= hasMoves(changes)
      await yieldToEventLoop()
    }
    for (const some of slicesOf(identified, perTransaction)) {
      const changes = await readIdentityChanges(record.db, gateway, some, clock.now())
      if (changes.rows.length > 0)
        await record.transaction(async (trx) => {
          await writeIdentityChanges(trx, changes)
          for (const event of changes.events) await outbox.append(trx, 'events', { district: event.district }, event)
        })
      await yieldToEventLoop()
    }
    if (digest)
      for await (const wanted of wantedOf(record.db, gateway, digest)) {
        await bus.publish('inventoryWanted', { gateway }, wanted)
        await yieldToEventLoop()
      }
    if (moved) await followSwaps({ ...deps, record, registryChanged }, gateway)
    if (found.length > 0) await approveWaiting()
  }
  /** One after another: two at once would match the same devices. */
  let approving = Promise.resolve()
  const approveWaiting = (): Promise<void> => {
    const approval = approving.then(async () => {
      await indexPlannedSigns(record, { rematch })
      for (const [gateway, approved] of await approvePending({ record, config, registryChanged }))
        log.info({ gateway, approved }, 'demo: simulated cameras approved')
    })
    approving = approval.catch(() => {})
    return approval
  }
  /** In transactions of a bounded size: an import of the whole city changes every device at once. */
  const followRegistry = async () => {
    for (let more = true; more; ) {
      const taken = await record.transaction(async (trx) => {
        const changes = await takeRegistryChanges(trx, config)
        // Whoever read the sensors before this found them without a gateway.
        if (changes.assigned.length > 0) await registryChanged(trx, changes.sensors, changes.assigned)
        return changes
      })
      for (const gateway of taken.touched) assignments.changed(gateway)
      more = taken.more
      if (more) await yieldToEventLoop()
    }
  }
  const followUp = async () => {
    await followRegistry()
    // Records may have been imported after their cameras were found.
    await approveWaiting()
  }
  const registryConsumer: Consumer<'registry.changed'> = {
    ...consumer,
    // It only wakes: what has changed stands in the registry, and how far it was followed in this room's own cursor.
    take: async (_trx, { value }) => {
      for (const gateway of value.gateways) changed.add(gateway)
    },
    taken: () => {
      for (const gateway of changed) assignments.changed(gateway)
      changed.clear()
      following = following
        .then(followUp)
        .catch((err: unknown) => log.error({ err }, 'a change of the registry was not followed'))
    },
  }

  return {
    async start() {
      // An import that broke off has said nothing, and a gateway may be new in the configuration.
      await record.transaction(async (trx) => reassign(trx, (await assignSensors(trx, config, null)).sensors))
      await followRegistry()
      await indexFound(record)
      await keepPending(record, config.demo?.approveProject)
      closing.push(
        await receive(deps, 'status', async (status) => {
          await putGatewayStatus(record.db, status, clock.now())
          assignments.heard(status)
          await takeKeyOf(status)
        }),
        await receive(deps, 'inventory', takeInventory),
        await outbox.consume(registryConsumer),
      )
      // What an earlier run has taken in and not come to.
      following = following
        .then(approveWaiting)
        .catch((err: unknown) => log.error({ err }, 'what was found could not be approved'))
    },
    async stop() {
      for (const close of closing.splice(0).reverse()) await close()
      await following
      await approving
      await assignments.stop()
    },
  }
}
