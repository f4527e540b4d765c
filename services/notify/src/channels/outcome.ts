/** Where a channel has several recipients: who is still to get it, and who never will, each with the code of the refusal. */
export type Part = { to: readonly string[]; refused: readonly string[] }

/** What became of one try to send. */
export type Outcome =
  | { ok: true; refused?: readonly string[] }
  | {
      ok: false
      /** Codes, and recipients of the configuration; never words of the other side: they may hold the secret. */
      problem: string
      /** Trying again cannot help. */
      permanent: boolean
      /** What the other side asked for; ms. */
      retryAfterMs: number | null
      /** The others have it: the next try is for these alone. Absent: as before. */
      part?: Part
    }

/** What goes out. */
export type Outgoing = {
  /** Of the notification; the same at each try. */
  id: number
  createdAt: number
  kind: string
  outage: string | null
  subject: string
  lines: readonly string[]
  facts: readonly unknown[]
  /** What earlier tries have left. */
  part?: Part | null
}
export type Send = (notification: Outgoing) => Promise<Outcome>

export const sent: Outcome = { ok: true }
export const failed = (
  problem: string,
  permanent = false,
  retryAfterMs: number | null = null,
  part?: Part,
): Outcome => ({
  ok: false,
  problem,
  permanent,
  retryAfterMs,
  ...(part && { part }),
})

/** The same try knows itself again by this, also after a restart: receivers may drop what they have. */
export const keyOf = ({ id, createdAt }: Pick<Outgoing, 'id' | 'createdAt'>): string =>
  `notification-${createdAt}-${id}`
/** What machines read: webhook and MQTT. */
export const payloadOf = (notification: Outgoing, sentAt: number): string =>
  JSON.stringify({
    v: 1,
    key: keyOf(notification),
    at: sentAt,
    kind: notification.kind,
    outage: notification.outage,
    subject: notification.subject,
    text: notification.lines.join('\n'),
    outages: notification.facts.filter((fact) => !isOrder(fact)),
    workOrders: notification.facts.filter(isOrder),
  })

const isOrder = (fact: unknown): boolean => typeof fact === 'object' && fact !== null && 'workOrder' in fact
