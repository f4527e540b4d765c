/** Incidents over HTTP, for tests: taken in, acted on, read. */
import type { Incident, NewIncident } from '@hub/contracts'
import { expect } from 'vitest'
import type { Hub } from '../../../hub/src/testing/hub.ts'

export const flood: Partial<NewIncident> = {
  title: '解放路积水',
  class: 'natural-disaster',
  type: 'flood',
  point: { longitude: 112.6206, latitude: 26.8946 },
  address: '解放路 1 号',
}
export const lead = { act: 'dispatch', units: [{ unit: '消防一中队', part: 'lead' }] }

export function incidentsOf(hub: Hub) {
  const act = (id: string, body: object, user = 'cmdr') => hub.ask(user, 'actOnIncident', { params: { id }, body })
  return {
    act,
    open: (body: object = {}, user = 'cmdr') => hub.ask(user, 'openIncident', { body: { ...flood, ...body } }),
    async opened(body: object = {}): Promise<Incident> {
      const { status, json } = await this.open(body)
      expect(status, JSON.stringify(json)).toBe(200)
      return json
    },
    async acted(id: string, ...bodies: object[]): Promise<Incident> {
      let last: Incident | undefined
      for (const body of bodies) {
        const { status, json } = await act(id, body)
        expect(status, JSON.stringify(json)).toBe(200)
        last = json
      }
      return last!
    },
    one: async (id: string, user = 'cmdr'): Promise<Incident> =>
      (await hub.ask(user, 'incident', { params: { id } })).json,
    audited: async (subject: string) =>
      (
        await hub.record.db
          .selectFrom('audit')
          .select(['actor', 'action'])
          .where('subject', '=', subject)
          .orderBy('id')
          .execute()
      ).map(({ actor, action }) => `${actor} ${action}`),
    /** What was told of it, and nobody else's. */
    told: (id: string) => hub.changes('incidents').filter((change) => change.id === id).length,
  }
}
