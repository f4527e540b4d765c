/** Gateways: what they are, what they found and identified, and what they have to watch. */
import { type GatewayId, type Inventory, parseOr, RegistryChanged, topic, topicFilter } from '@hub/contracts'
import { type Deps, type Message, type Module, putFound, putGatewayStatus, putGateways } from '@hub/platform'
import { createAssignments } from './assignments.ts'
import { approveDemo } from './auto-approval.ts'
import { takeIdentities, tellEvents } from './identities.ts'
import { openInbox } from './inbox.ts'

export const gatewaysModule: Module = {
  name: 'gateways',
  create(deps: Deps) {
    const { config, clock, log, bus, record } = deps
    const assignments = createAssignments(deps)
    const closing: (() => Promise<void>)[] = []

    const takeInventory = async ({ gateway, found, identified }: Inventory) => {
      const events = await record.transaction(async (trx) => {
        await putFound(trx, gateway, found, clock.now())
        return takeIdentities(trx, gateway, identified, clock.now())
      })
      await tellEvents(deps, events)
      if (found.length > 0) await approveWaiting(gateway)
    }
    const approveWaiting = async (gateway: GatewayId) => {
      const approved = config.demo ? await approveDemo(deps, gateway, config.demo) : 0
      if (approved === 0) return
      log.info({ gateway, approved }, 'demo: simulated cameras approved')
      await tellRegistryChanged([gateway])
    }
    const tellRegistryChanged = (gateways: GatewayId[]) =>
      bus.publish(topic('registry'), JSON.stringify({ v: 1, at: clock.now(), gateways } satisfies RegistryChanged))
    const takeRegistryChange = async ({ payload }: Message) => {
      const { gateways } = parseOr(RegistryChanged, JSON.parse(payload.toString()), 'payload.invalid')
      for (const gateway of gateways) await assignments.send(gateway)
      // Records may have been imported after their cameras were found.
      for (const { id } of config.gateways) await approveWaiting(id)
    }

    return {
      async start() {
        await putGateways(record.db, config.gateways)
        closing.push(
          await openInbox(deps, 'status', async (_, status) => {
            await putGatewayStatus(record.db, status, clock.now())
            await assignments.sendUnlessHeld(status)
          }),
          await openInbox(deps, 'inventory', (_, inventory) => takeInventory(inventory)),
          await bus.subscribe(topicFilter('registry'), takeRegistryChange),
        )
      },
      async stop() {
        for (const close of closing.splice(0).reverse()) await close()
      },
    }
  },
}
