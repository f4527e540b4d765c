import { describe, expect, test } from 'vitest'
import { keyStanding } from './batch-key.ts'

const gateway = '43040500002000000001'
const [first, second, foreign] = ['a'.repeat(43), 'b'.repeat(43), 'c'.repeat(43)] as [string, string, string]
const keys = [
  { gateway, key: first, pinnedAt: 100, retiredAt: 500 },
  { gateway, key: second, pinnedAt: null, retiredAt: null },
  { gateway: '43042600002000000002', key: foreign, pinnedAt: 100, retiredAt: null },
]

describe('the key of a batch', () => {
  test.each([
    ['counts while it is pinned', first, 400, 'pinned'],
    ['counts for what came at the instant when it was retired', first, 500, 'pinned'],
    ['does not count afterwards', first, 501, 'retired'],
    ['does not count before somebody approved it', second, 400, 'unapproved'],
    ['does not count when it is that of another gateway', foreign, 400, 'unknown'],
    ['may be none', null, 400, 'unsigned'],
  ] as const)('%s', (_, key, receivedAt, standing) =>
    expect(keyStanding({ gateway, key, receivedAt }, keys)).toBe(standing),
  )
})
