/** Tables of the platform itself. Those of a feature stand in its room. */
import type { Generated } from 'kysely'

export interface PlatformTables {
  dead_letter: { id: Generated<number>; at: number; source: string; reason: string; payload: Uint8Array }
  /** What a room must remember beside its rows, as text. */
  setting: { room: string; key: string; value: string }
  /** What one room must tell others: written in the transaction that causes it (`bus/outbox.ts`). */
  outbox: {
    id: Generated<number>
    at: number
    message: string
    /** JSON: the levels of the topic. */
    params: string
    /** JSON: a list of values. */
    body: string
    /** 1 once it is on the bus. */
    published: Generated<number>
  }
  /** How far each durable consumer has come in the outbox. */
  outbox_cursor: { consumer: string; position: number }
}
