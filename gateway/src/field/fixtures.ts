/** What the tests of the field broker share: a broker on a free port, two sensors, and what it emitted. */
import { type AssignedSensor, HubError, type Observation } from '@hub/contracts'
import { createManualClock, type Log, type ManualClock, sha256, silentLog } from '@hub/platform'
import { onTestFinished } from 'vitest'
import { createFieldBroker } from './broker.ts'

export const sensor = '43040500001320000001'
export const other = '43040500001320000002'
export const password = 'canary-password-1'
export const otherPassword = 'canary-password-2'
export const every = 10_000
export const telemetry = (id: string) => `field/v1/${id}/telemetry`

export const assigned = (id: string, secret: string): AssignedSensor => ({
  kind: 'sensor',
  id,
  passwordHash: sha256(secret),
  every,
})

/** Lines that were logged at `warn` and above: what was said, and the fields beside it. */
export function warnings(): { log: Log; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = []
  const take = (first: unknown, text?: string) =>
    void lines.push(typeof first === 'string' ? { text: first } : { ...(first as object), text })
  return { log: Object.assign(Object.create(silentLog), { warn: take, error: take }) as Log, lines }
}

export async function testBroker(options: { disk?: Promise<void> } = {}) {
  const clock: ManualClock = createManualClock()
  let ahead = 0
  const { log, lines } = warnings()
  const emitted: Observation[] = []
  let full = false
  const broker = createFieldBroker({
    clock: { ...clock, now: () => clock.now() + ahead },
    log,
    config: { host: '127.0.0.1', port: 0 },
    async emit(observation) {
      if (full) throw new HubError('spool.full', { value: 'g', limit: 'disk' })
      await options.disk
      emitted.push(observation)
    },
  })
  await broker.start()
  onTestFinished(() => broker.stop())
  broker.apply({ put: [assigned(sensor, password), assigned(other, otherPassword)], drop: [] })
  const fillDisk = (now: boolean) => {
    full = now
  }
  /** Time goes by without a timer: the machine slept, or its clock was put right. */
  const jump = (ms: number) => {
    ahead += ms
  }
  return { broker, clock, jump, emitted, lines, fillDisk, url: `mqtt://127.0.0.1:${broker.port}` }
}
