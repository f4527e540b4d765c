/** Which observations of a well-formed batch may count. The rest become dead letters; the batch is acknowledged all the same. */
import type { Observation, RefusalReason } from '@hub/contracts'
import type { Listed } from './directory.ts'

/** A gateway's clock may run ahead by this much before its observations are refused. */
export const aheadMs = 60_000

/**
 * @param listed what the registry says of the device; undefined when it has none
 * @param districts of the gateway that sent it; undefined when there is no such gateway
 * @param oldest what is before has no raw batches any more, so that an observation of that time could not be merged
 * @returns why it is refused, as field and limit; null when it counts
 */
export function refusal(
  o: Observation,
  listed: Listed | undefined,
  districts: ReadonlySet<string> | undefined,
  now: number,
  oldest: number,
): { reason: RefusalReason; field: string; limit: string } | null {
  if (!listed) return { reason: 'unknown-device', field: 'device', limit: `there is no device ${o.device}` }
  if (!districts?.has(listed.district))
    return {
      reason: 'other-district',
      field: 'device',
      limit: `${o.device} is in ${listed.district}, which is not a district of this gateway`,
    }
  if (o.at > now + aheadMs)
    return { reason: 'future', field: 'at', limit: `${o.at - now} ms in the future, at most ${aheadMs}` }
  if (o.at < oldest)
    return { reason: 'too-old', field: 'at', limit: `${oldest - o.at} ms older than what is kept of raw batches` }
  return null
}
