/** Who is told that the hub itself is behind: whoever is told of the whole city, once, and once that it is over. */

/** When the recipient was told of each. */
export type HubKnown = { behind?: number; caughtUp?: number }
export type HubDecision = 'hub-behind' | 'hub-caught-up'

/** Restricted to some districts or units it is somebody who repairs devices, and not who runs the hub. */
export type HubRecipient = { districts?: readonly string[] | undefined; units?: readonly string[] | undefined }

/** What it is to be told now; null: nothing. One that was over before anybody could be told of it is told of once, as over. */
export function hubDecisionOf(of: { ended: boolean }, known: HubKnown, to: HubRecipient): HubDecision | null {
  if (to.districts || to.units || known.caughtUp !== undefined) return null
  if (of.ended) return 'hub-caught-up'
  return known.behind === undefined ? 'hub-behind' : null
}
