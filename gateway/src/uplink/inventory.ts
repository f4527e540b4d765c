/** What the gateway found and identified, told to the centre: changes gathered for a second, everything again when the centre is back. */
import type { DeviceIdentity, FoundDevice, GatewayId, Inventory } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import { encodeJson, partBytes, split } from '../split.ts'

/** The schema's bound for each list of a message. */
const perMessage = 1_000
/** A flood of forged answers must not grow memory. More than twice the whole rollout: what nobody planned is told beside it. */
const foundLimit = 50_000
/** What has been silent for so long gives its place to what is there. Discovery tells each again every ten minutes. */
const forgetMs = 3_600_000
const gatherMs = 1_000
/** The broker may have had nobody to give the last one to: the centre learns of everything within this time at the latest. */
const repeatMs = 300_000

export interface InventoryReport {
  found(device: FoundDevice): void
  identified(identity: DeviceIdentity): void
  /** Everything again. */
  repeat(): void
  refused(): number
  stop(): void
}

export function createInventoryReport(options: {
  gateway: GatewayId
  clock: Clock
  /** Sends when the bus is up; what fails is sent again with the next repeat. */
  send(inventory: Inventory): Promise<void>
}): InventoryReport {
  const { gateway, clock, send } = options
  const found = new Map<string, FoundDevice>()
  const identities = new Map<string, DeviceIdentity>()
  const changedFound = new Set<string>()
  const changedIdentities = new Set<string>()
  let refused = 0
  let forgotAt = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | undefined

  const flush = () => {
    cancel = undefined
    const parts = {
      found: [...changedFound].map((key) => found.get(key)!),
      identified: [...changedIdentities].map((key) => identities.get(key)!),
    }
    changedFound.clear()
    changedIdentities.clear()
    for (const message of messages(gateway, clock.now(), parts)) send(message).catch(() => {})
  }
  const schedule = () => {
    cancel ??= clock.after(gatherMs, flush)
  }
  /** A walk over everything: at most once a minute, whatever a flood brings. */
  const forget = () => {
    const now = clock.now()
    if (now - forgotAt < 60_000) return
    forgotAt = now
    for (const [key, { seenAt }] of found) if (now - seenAt > forgetMs && !changedFound.has(key)) found.delete(key)
  }
  const repeat = () => {
    for (const key of found.keys()) changedFound.add(key)
    for (const key of identities.keys()) changedIdentities.add(key)
    if (changedFound.size + changedIdentities.size > 0) schedule()
  }
  const cancelRepeat = clock.every(repeatMs, repeat)

  return {
    found(device) {
      if (found.size >= foundLimit && !found.has(device.endpoint)) forget()
      if (found.size >= foundLimit && !found.has(device.endpoint)) {
        refused += 1
        return
      }
      found.set(device.endpoint, device)
      changedFound.add(device.endpoint)
      schedule()
    },
    identified(identity) {
      identities.set(identity.device, identity)
      changedIdentities.add(identity.device)
      schedule()
    },
    repeat,
    refused: () => refused,
    stop() {
      cancel?.()
      cancelRepeat()
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
