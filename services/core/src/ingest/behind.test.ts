import { describe, expect, test } from 'vitest'
import { assessLag, defaultLagPolicy, type LagSample, notBehind } from './behind.ts'

const policy = defaultLagPolicy
const s = 1_000
const none: LagSample = { now: 0, lateMs: 0, awaitedMs: 0, cutMs: 0, waitingMs: 0, deliveryMs: 0 }

/** Samples of each second, from second 0 on; what stands is what a sample has beside nothing. */
function after(...samples: Partial<LagSample>[]) {
  let state = notBehind
  for (const [n, sample] of samples.entries()) state = assessLag(state, { ...none, now: n * s, ...sample }, policy)
  return state
}
const times = (n: number, sample: Partial<LagSample> = {}) => Array.from({ length: n }, () => sample)

describe('the hub is behind', () => {
  test.each([
    ['at once when its process was held up for long', [{ lateMs: 20 * s, now: 20 * s }], 0, 'stalled'],
    ['as soon as it has been without its broker for so long', [{ cutMs: 15 * s, now: 15 * s }], 0, 'broker'],
    ['when what has arrived is not committed', times(4, { waitingMs: 16 * s }), -13 * s, 'commits'],
    ['when what is committed was old', times(4, { deliveryMs: 16 * s }), -13 * s, 'deliveries'],
    ['for what is worst', times(4, { deliveryMs: 16 * s, waitingMs: 17 * s }), -14 * s, 'commits'],
  ] as const)('%s', (_, samples, since, cause) => {
    expect(after(...samples)).toMatchObject({ since, cause })
  })

  test.each([
    ['below the bound', times(30, { waitingMs: 14 * s, deliveryMs: 14 * s })],
    ['when its process was held up for less', [{ lateMs: 14 * s }, {}, {}]],
    ['when old data came for a moment, as of a gateway that was cut off', [...times(2, { deliveryMs: 300 * s }), {}]],
    ['when gateways are awaited that it was not held up from hearing', times(30, { awaitedMs: 100 * s })],
  ])('not %s', (_, samples) => {
    expect(after(...samples).since).toBeNull()
  })

  test('until it has been below the lower bound for a while, at every moment of it', () => {
    const stall = { lateMs: 120 * s }
    expect(after(stall, ...times(10)).since).not.toBeNull()
    expect(after(stall, ...times(11))).toEqual({ ...notBehind })
    expect(after(stall, ...times(9), { waitingMs: 4 * s }, ...times(9)).since).not.toBeNull()
    expect(after(stall, ...times(30, { awaitedMs: 4 * s })).since).not.toBeNull()
  })

  test('by as much as is the most now, for the reason that began it', () => {
    const state = after({ lateMs: 120 * s }, { awaitedMs: 100 * s, waitingMs: 5 * s }, { waitingMs: 6 * s })
    expect(state).toMatchObject({ behindMs: 6 * s, cause: 'stalled', since: -120 * s })
  })
})
