/** The Bus port: MQTT 3.1.1 semantics, QoS 1, whichever broker is behind it. Its persistence is never relied on. */

export type Message = { topic: string; payload: Buffer }

export interface Bus {
  /** Resolves when the broker has taken it (PUBACK). While disconnected it waits for the connection. */
  publish(topic: string, payload: Buffer | string): Promise<void>
  /** `filter` may hold `+` and `#`. The PUBACK is sent when the handler's promise settles; its error is logged, not sent. Returns the unsubscribe. */
  subscribe(filter: string, handler: (message: Message) => void | Promise<void>): Promise<() => Promise<void>>
  readonly connected: boolean
  /** Called with each change of `connected`. Returns the unsubscribe. */
  onConnection(listener: (connected: boolean) => void): () => void
  close(): Promise<void>
}
