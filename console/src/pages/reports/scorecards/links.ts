/** Where a card's figures can be looked into. */
import type { DistrictCode, Scorecard } from '@hub/contracts'
import { dayOf, monthSpan } from '@hub/core'
import { hrefOf } from '../../../router/router.svelte.ts'
import { formatPeriod } from '../../../shared/rates/period.ts'

/** The devices that a card's online rate is made of, in its month. */
export function devicesHref({ month, subject }: Pick<Scorecard, 'month' | 'subject'>): string {
  const { from, to } = monthSpan(month)
  const period = formatPeriod({ first: dayOf(from), last: dayOf(to - 1) })
  const isDistrict = subject.kind === 'district'
  return hrefOf({
    page: 'reports',
    below: 'rates',
    district: isDistrict ? (subject.key as DistrictCode) : null,
    query: { period, by: 'device', carrier: isDistrict ? null : subject.key },
  })
}
