/** What became of one try to send. */
export type Outcome =
  | { ok: true }
  | {
      ok: false
      /** A code, never an address or words of the other side: they may hold the secret. */
      problem: string
      /** Trying again cannot help. */
      permanent: boolean
      /** What the other side asked for; ms. */
      retryAfterMs: number | null
    }

/** What goes out. */
export type Outgoing = {
  /** Of the notice; the same at each try. */
  id: number
  createdAt: number
  kind: string
  outage: string | null
  subject: string
  lines: readonly string[]
  facts: readonly unknown[]
}
export type Send = (notice: Outgoing) => Promise<Outcome>

export const sent: Outcome = { ok: true }
export const failed = (problem: string, permanent = false, retryAfterMs: number | null = null): Outcome => ({
  ...{ ok: false, problem, permanent, retryAfterMs },
})

/** The same try knows itself again by this, also after a restart: receivers may drop what they have. */
export const keyOf = ({ id, createdAt }: Pick<Outgoing, 'id' | 'createdAt'>): string => `notice-${createdAt}-${id}`
/** What machines read: webhook and MQTT. */
export const payloadOf = (notice: Outgoing, sentAt: number): string =>
  JSON.stringify({
    ...{ v: 1, key: keyOf(notice), at: sentAt, kind: notice.kind, outage: notice.outage },
    ...{ subject: notice.subject, text: notice.lines.join('\n') },
    ...{ outages: notice.facts.filter((fact) => !isOrder(fact)), workOrders: notice.facts.filter(isOrder) },
  })

const isOrder = (fact: unknown): boolean => typeof fact === 'object' && fact !== null && 'workOrder' in fact
