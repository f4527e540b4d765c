/** Who has an incident open: said every fifteen seconds, forgotten after thirty. In memory: after a restart whoever is there says it again. */
import type { Incident } from '@hub/contracts'
import { secondMs } from '@hub/core'

export const forgottenMs = 30 * secondMs

/** An incident, and who hears of it. */
type Place = { id: string; district: string }
type Present = Map<string, { since: number; lastAt: number }>

/** @param changed called with an incident when somebody has come to it or gone */
export function createPresence(changed: (incident: Place) => void) {
  const incidents = new Map<string, { incident: Place; there: Present }>()
  const isThere = ({ lastAt }: { lastAt: number }, now: number) => now - lastAt <= forgottenMs
  return {
    say(incident: Place, user: string, now: number): void {
      const { there } = incidents.get(incident.id) ?? { there: new Map() as Present }
      incidents.set(incident.id, { incident, there })
      const before = there.get(user)
      const stays = before !== undefined && isThere(before, now)
      there.set(user, { since: stays ? before.since : now, lastAt: now })
      if (!stays) changed(incident)
    },
    /** The first to come at the front. */
    of(incident: string, now: number): Incident['present'] {
      return [...(incidents.get(incident)?.there ?? [])]
        .filter(([, one]) => isThere(one, now))
        .map(([user, { since }]) => ({ user, since }))
        .sort((a, b) => a.since - b.since || (a.user < b.user ? -1 : 1))
    },
    /** To be called now and then. @returns whether somebody is there still */
    forget(now: number): boolean {
      for (const { incident, there } of incidents.values()) {
        const gone = [...there].filter(([, one]) => !isThere(one, now))
        for (const [user] of gone) there.delete(user)
        if (there.size === 0) incidents.delete(incident.id)
        if (gone.length > 0) changed(incident)
      }
      return incidents.size > 0
    },
  }
}
