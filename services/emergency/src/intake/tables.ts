/** Signed messages that were taken, for as long as they could be played again. */

export interface IntakeTables {
  intake_message: { sender: string; signature: string; signed_at: number }
}
