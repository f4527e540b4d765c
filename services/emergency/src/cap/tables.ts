/** CAP messages of incidents, sent and taken in. */
export interface CapTables {
  cap_message: CapMessageTable
}

export interface CapMessageTable {
  id: string
  /** In the order in which they were taken in or made. */
  seq: number
  incident: string
  /** `in` or `out`. */
  direction: string
  /** What asked for one that was sent; null: it was taken in. */
  key: string | null
  sender: string
  identifier: string
  sent: string
  sent_at: number
  msg_type: string
  exercise: number
  headline: string
  warning: string | null
  /** JSON: `sender,identifier,sent` of each that it refers to. */
  refs: string
  /** JSON: places that may be the wrong way round. */
  doubtful: string
  /** The XML, as it went out or came in. */
  document: string
  at: number
  by: string
}
