/**
 * Joins the two ends of the embedded broker: what its subscriber inside this process has not settled keeps publishers of the same topic
 * waiting. The broker keeps no queue and acknowledges a publisher before its subscribers have, so a withheld PUBACK of the subscriber
 * alone would slow nobody. Beyond one machine the broker's own limit of unacknowledged messages does it.
 */

/** Bytes of one topic that may be unsettled. */
const mostBytes = 256 * 1024

type Topic = { bytes: number; room: PromiseWithResolvers<void> | null }

export class Backpressure {
  readonly #topics = new Map<string, Topic>()

  /** A message has been given to its handlers. @returns to be called when they have settled */
  begin(topic: string, bytes: number): () => void {
    const entry = this.#topics.get(topic) ?? { bytes: 0, room: null }
    this.#topics.set(topic, entry)
    entry.bytes += bytes
    return () => {
      entry.bytes -= bytes
      if (entry.bytes <= mostBytes) {
        entry.room?.resolve()
        entry.room = null
      }
      if (entry.bytes === 0) this.#topics.delete(topic)
    }
  }

  /** Resolves when there is room for more on that topic; undefined while there is. */
  room(topic: string): Promise<void> | undefined {
    const entry = this.#topics.get(topic)
    if (!entry || entry.bytes <= mostBytes) return undefined
    entry.room ??= Promise.withResolvers<void>()
    return entry.room.promise
  }
}
