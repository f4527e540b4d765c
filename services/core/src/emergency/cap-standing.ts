/** Which alerts still stand: an Update and a Cancel go with what they refer to, whatever comes in which order. */
import type { CapMsgType } from '@hub/contracts'

/** `name`: `sender,identifier,sent`. */
export type CapLink = { name: string; msgType: CapMsgType; references: readonly string[]; sentAt: number; seq: number }

/** What belongs together, each by its time of sending; one whose latest is no Cancel stands. */
export function capChains<T extends CapLink>(messages: readonly T[]): { stands: boolean; messages: T[] }[] {
  const chains: T[][] = []
  for (const message of messages) {
    const belongs = (other: T) => message.references.includes(other.name) || other.references.includes(message.name)
    const own = chains.filter((chain) => chain.some(belongs))
    for (const chain of own) chains.splice(chains.indexOf(chain), 1)
    chains.push([...own.flat(), message])
  }
  return chains.map((chain) => {
    const sorted = chain.toSorted((a, b) => a.sentAt - b.sentAt || a.seq - b.seq)
    return { stands: sorted.at(-1)!.msgType !== 'Cancel', messages: sorted }
  })
}

/** What may be published next of an incident. */
export function nextCap(chains: readonly { stands: boolean }[], isOver: boolean): CapMsgType[] {
  if (chains.some(({ stands }) => stands)) return isOver ? ['Cancel'] : ['Update', 'Cancel']
  return isOver ? [] : ['Alert']
}
