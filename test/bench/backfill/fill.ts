/** Fills a spool with hours of the past through the gateway's own spool: a batch a second, as it would have been. */
import { createManualClock, silentLog } from '@hub/platform'
import { createSpool } from '../../../gateway/src/spool/spool.ts'
import { gatewayId, looksOf, phaseOf } from './looks.ts'

export const spoolBytes = 8 * 2 ** 30

/** @returns batches that wait in it. */
export async function fillSpool(path: string, cameras: number, from: number, periods: number): Promise<number> {
  const clock = createManualClock(from)
  const spool = createSpool({ path, gateway: gatewayId, clock, log: silentLog, maxBytes: spoolBytes })
  const looks = Array.from({ length: cameras }, (_, n) => looksOf(n, from, periods))
  const inSecond = Map.groupBy(looks.keys(), phaseOf)
  for (let second = 0; second < periods * 30; second++) {
    const stored = (inSecond.get(second % 30) ?? []).map((n) => spool.add(looks[n]!.next().value!))
    clock.advance(1_000)
    await Promise.all(stored)
  }
  const { batches } = spool.stats()
  await spool.close()
  return batches
}
