/** What is written of an outage, from its episodes and what is known of its devices. */
import type { DistrictCode, OutageFacts, OutageRow } from '@hub/contracts'
import { countsOf, endOf } from './counts.ts'
import type { CorrelatedOutage } from './types.ts'

type Place = { district: string; pointType: string }

const highDown = 20
const normalDown = 3

export function factsOf(
  outage: CorrelatedOutage,
  place: (device: string) => Place | undefined,
): OutageFacts & Pick<OutageRow, 'members' | 'down' | 'importance' | 'held'> {
  const { id, cause, evidence, expected, countsFrom, episodes, held } = outage
  const { members, down } = countsOf(outage)
  const districts = new Set<string>()
  const classes = new Set<string>()
  let from = Number.POSITIVE_INFINITY
  for (const e of episodes) {
    const known = place(e.device)
    // The registered district of a device that has left the registry is still in its code.
    districts.add(known?.district ?? e.device.slice(0, 6))
    if (known) classes.add(known.pointType)
    if (e.from < from) from = e.from
  }
  return {
    id,
    cause,
    evidence,
    from,
    to: endOf(outage),
    members,
    down,
    districts: [...districts].sort() as DistrictCode[],
    expected,
    countsFrom,
    held,
    importance:
      classes.has('1') || members >= highDown ? 'high' : classes.has('2') || members >= normalDown ? 'normal' : 'low',
  }
}
