/** The hub's own parts: it is normal while it can remember, look back and talk. */
import { type Deps, settingsOf } from '@hub/platform'
import { abnormal, normal, type System, type Verdict } from './system.ts'

type PartDeps = Pick<Deps, 'record' | 'history' | 'bus' | 'clock'>
const probeKey = 'probe'

/** @param timeoutMs a part that does not answer within it is not normal */
export function hubParts({ record, history, bus, clock }: PartDeps, timeoutMs: number): System[] {
  const part = (name: string, label: string, ask: () => Promise<void>): System => ({
    id: `hub:${name}`,
    name: label,
    kind: 'hub',
    url: null,
    async check(): Promise<Verdict> {
      const began = clock.now()
      let cancel = () => {}
      const late = new Promise<Verdict>((resolve) => {
        cancel = clock.after(timeoutMs, () => resolve(abnormal('timeout', timeoutMs)))
      })
      const asked = ask().then(
        () => normal(clock.now() - began),
        (error: unknown) => abnormal(error instanceof Error ? error.message : String(error), clock.now() - began),
      )
      const verdict = await Promise.race([asked, late])
      cancel()
      return verdict
    },
  })

  return [
    part('record', '中枢记录库', async () => {
      const written = String(clock.now())
      await record.commit((sqlite) => settingsOf(sqlite, 'monitored').put(probeKey, written))
      const read = await record.commit((sqlite) => settingsOf(sqlite, 'monitored').get(probeKey))
      if (read !== written) throw new Error('what was committed is not what is read')
    }),
    part('history', '中枢历史库', () => history.ready()),
    part('bus', '中枢消息总线', async () => {
      if (!bus.connected) throw new Error('disconnected')
    }),
  ]
}
