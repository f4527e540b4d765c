/** The simulators' fault control, from outside: what it is told, and the truth that it writes down. */

export type Match = { id?: string; district?: string; kind?: 'camera' | 'sensor'; pole?: string; switch?: string }
export type TruthEntry = { at: number; device: string; what: string; phase: 'began' | 'ended' }
export type SimDevice = {
  id: string
  district: string
  kind: 'camera' | 'sensor'
  name: string
  switch: string
  ipAddress?: string
}

export type Sims = {
  /** Devices that met the fault. */
  begin(
    fault: 'power-off' | 'network-cut' | 'slow' | 'babbling' | 'malformed',
    match: Match,
    value?: number,
  ): Promise<number>
  /** Ends every fault of these devices. */
  clear(match: Match): Promise<void>
  devices(): Promise<SimDevice[]>
  truth(): Promise<TruthEntry[]>
}

export function simsAt(address: string): Sims {
  async function call(method: string, path: string, body?: unknown): Promise<string> {
    const answer = await fetch(address + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text
  }
  return {
    begin: async (fault, match, value) =>
      JSON.parse(await call('POST', '/faults', { match, fault, ...(value !== undefined && { value }) })).devices,
    clear: async (match) => void (await call('DELETE', '/faults', { match })),
    async devices() {
      const { cameras, sensors } = JSON.parse(await call('GET', '/devices'))
      return [...cameras, ...sensors]
    },
    truth: async () =>
      (await call('GET', '/log'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
  }
}
