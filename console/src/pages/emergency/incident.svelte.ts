/** One incident as it is read and acted on: what an act answers is shown at once, what others do comes with the stream. */
import type { Incident, IncidentAct } from '@hub/contracts'
import { Attempt } from '../../api/attempt.svelte.ts'
import { call } from '../../api/client.ts'
import { Resource } from '../../api/resource.svelte.ts'

export class OneIncident {
  readonly id: string
  readonly resource: Resource<Incident>
  /** The act that was asked for last. */
  readonly attempt = new Attempt()

  constructor(id: string) {
    this.id = id
    this.resource = new Resource<Incident>(() => `/incidents/${id}`)
  }

  /** An answer that is older than what the stream has brought meanwhile is not shown. */
  take(incident: Incident): void {
    const { data } = this.resource
    if (!data || data.revision <= incident.revision) this.resource.data = incident
  }

  act = (json: IncidentAct, attempt = this.attempt): Promise<boolean> => this.#ask(`/acts`, json, attempt)
  preset = (device: string, token: string, attempt: Attempt): Promise<boolean> =>
    this.#ask('/preset', { device, token }, attempt)

  async #ask(path: string, json: unknown, attempt: Attempt): Promise<boolean> {
    const went = await attempt.run(async () =>
      this.take(await call<Incident>(`/incidents/${this.id}${path}`, { method: 'POST', json })),
    )
    // What was refused may have been done by somebody else.
    if (!went) void this.resource.load()
    return went
  }
}
