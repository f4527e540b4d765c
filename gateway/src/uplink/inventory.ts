/**
 * What the gateway found and identified, told to the centre: changes batched for a second. Whether all of it has arrived shows in a
 * digest; the centre answers with what it holds where the two differ, and only what it lacks is told again.
 */
import type { DeviceIdentity, FoundDevice, GatewayId, Inventory, InventoryWanted } from '@hub/contracts'
import { foundHash, identityHash, plainValue } from '@hub/core'
import { type Clock, sha256 } from '@hub/platform'
import { encodeJson, partBytes, split } from '../split.ts'
import { Digested } from './digested.ts'

/** The schema's bound for each list of a message. */
const perMessage = 1_000
/** A flood of forged answers must not grow memory. More than twice the whole rollout: what nobody planned is told beside it. */
const foundLimit = 50_000
/** What has been silent for so long gives its place to what is there. Discovery tells each again every ten minutes. */
const forgetMs = 3_600_000
const batchMs = 1_000
/** The broker may have had nobody to give the last one to: what was told is summed up within this time at the latest. */
const reconcileMs = 300_000

export interface InventoryReport {
  found(device: FoundDevice): void
  identified(identity: DeviceIdentity): void
  /** The centre may have missed something, or lost it: it is sent the digest. */
  reconcile(): void
  /** The centre's answer to a digest that is not its own. */
  wanted(message: InventoryWanted): void
  refused(): number
  stop(): void
}

export function createInventoryReport(options: {
  gateway: GatewayId
  clock: Clock
  /** Sends when the bus is up; what fails shows in the next digest. */
  send(inventory: Inventory): Promise<void>
}): InventoryReport {
  const { gateway, clock, send } = options
  const found = new Digested<FoundDevice>((device) => foundHash(device, sha256))
  const identities = new Digested<DeviceIdentity>((identity) => identityHash(identity, sha256))
  const changedFound = new Set<string>()
  const changedIdentities = new Set<string>()
  let refused = 0
  let forgotAt = Number.NEGATIVE_INFINITY
  /** Another than at the last digest. */
  let isNews = false
  let digestDue = false
  let cancel: (() => void) | undefined

  const flush = () => {
    cancel = undefined
    const parts = {
      found: [...changedFound].flatMap((key) => found.get(key) ?? []),
      identified: [...changedIdentities].flatMap((key) => identities.get(key) ?? []),
    }
    changedFound.clear()
    changedIdentities.clear()
    const all = messages(gateway, clock.now(), parts)
    if (digestDue) {
      // The last one: the centre compares once it has taken what came before.
      const last = all.pop() ?? { v: 1, gateway, at: clock.now(), found: [], identified: [] }
      all.push({ ...last, digest: { found: found.digest(), identified: identities.digest() } })
      digestDue = false
      isNews = false
    }
    for (const message of all) send(message).catch(() => {})
  }
  const schedule = () => {
    cancel ??= clock.after(batchMs, flush)
  }
  /** A walk over everything: at most once a minute, whatever a flood brings. */
  const forget = () => {
    const now = clock.now()
    if (now - forgotAt < 60_000) return
    forgotAt = now
    for (const [key, { item }] of found.entries())
      if (now - item.seenAt > forgetMs && !changedFound.has(key)) found.delete(key)
  }
  const reconcile = () => {
    // One that knows nothing yet has lost nothing either.
    if (found.size + identities.size === 0) return
    digestDue = true
    schedule()
  }
  const cancelReconcile = clock.every(reconcileMs, () => {
    if (isNews) reconcile()
  })

  return {
    // What a camera calls itself enters here, before it is summed up: no centre sees what nobody can see.
    found(said) {
      const device = plainValue(said)
      if (found.size >= foundLimit && !found.has(device.endpoint)) forget()
      if (found.size >= foundLimit && !found.has(device.endpoint)) {
        refused += 1
        return
      }
      if (found.set(device.endpoint, device)) isNews = true
      changedFound.add(device.endpoint)
      schedule()
    },
    identified(said) {
      const identity = plainValue(said)
      if (identities.set(identity.device, identity)) isNews = true
      changedIdentities.add(identity.device)
      schedule()
    },
    reconcile,
    wanted(message) {
      for (const key of found.lackingIn(message.found)) changedFound.add(key)
      for (const key of identities.lackingIn(message.identified)) changedIdentities.add(key)
      if (changedFound.size + changedIdentities.size === 0) return
      // What is told now may be lost as well.
      isNews = true
      schedule()
    },
    refused: () => refused,
    stop() {
      cancel?.()
      cancelReconcile()
    },
  }
}

/** As few messages as the bounds allow. Pure. */
export function messages(
  gateway: GatewayId,
  at: number,
  { found, identified }: Pick<Inventory, 'found' | 'identified'>,
): Inventory[] {
  const parts = <T>(items: T[]) =>
    split(
      items.map((item) => ({ ...encodeJson(item), item })),
      { items: perMessage, bytes: partBytes },
    ).map((part) => part.map(({ item }) => item))
  const head = { v: 1, gateway, at } as const
  return [
    ...parts(found).map((part) => ({ ...head, found: part, identified: [] })),
    ...parts(identified).map((part) => ({ ...head, found: [], identified: part })),
  ]
}
