/** Who has an incident open: said every fifteen seconds, forgotten after thirty. In memory: after a restart whoever is there says it again. */
import type { Incident } from '@hub/contracts'
import { secondMs } from '@hub/core'

export const forgottenMs = 30 * secondMs

export type Presence = ReturnType<typeof createPresence>

/** @param changed called with an incident when somebody has come to it or gone */
export function createPresence(changed: (incident: string) => void) {
  const incidents = new Map<string, Map<string, { since: number; lastAt: number }>>()
  const isThere = ({ lastAt }: { lastAt: number }, now: number) => now - lastAt <= forgottenMs
  return {
    say(incident: string, user: string, now: number): void {
      const there = incidents.get(incident) ?? new Map()
      incidents.set(incident, there)
      const before = there.get(user)
      const stays = before && isThere(before, now)
      there.set(user, { since: stays ? before.since : now, lastAt: now })
      if (!stays) changed(incident)
    },
    /** The first to come at the front. */
    of(incident: string, now: number): Incident['present'] {
      return [...(incidents.get(incident) ?? [])]
        .filter(([, one]) => isThere(one, now))
        .map(([user, { since }]) => ({ user, since }))
        .sort((a, b) => a.since - b.since || (a.user < b.user ? -1 : 1))
    },
    /** To be called now and then. */
    forget(now: number): void {
      for (const [incident, there] of incidents) {
        const gone = [...there].filter(([, one]) => !isThere(one, now))
        for (const [user] of gone) there.delete(user)
        if (there.size === 0) incidents.delete(incident)
        if (gone.length > 0) changed(incident)
      }
    },
  }
}
