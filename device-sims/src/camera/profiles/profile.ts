/** How a make of camera behaves: data, and where its standard leaves room. */

export type Profile = {
  name: string
  /** Which UsernameToken passwords it takes. */
  token: 'digest' | 'text' | 'both'
  /** How far `Created` may lie from its own clock. */
  toleranceMs: number
  /** Its clock minus the true one when it leaves the factory. */
  clockOffsetMs: number
  /** How long it thinks before each answer. */
  delayMs: number
}

export const plain: Profile = { name: 'plain', token: 'digest', toleranceMs: 60_000, clockOffsetMs: 0, delayMs: 0 }
