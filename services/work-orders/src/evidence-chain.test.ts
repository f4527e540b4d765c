import type { WorkOrderStep } from '@hub/contracts'
import { expect, test } from 'vitest'
import { isWhole, linkOf, standingOf, type Terms } from './evidence-chain.ts'

const terms: Terms = {
  id: '0198f2f0-0000-7000-8000-000000000001',
  number: 'GD-20261121-0001',
  unit: '甲',
  issuedBy: 'li',
  issuedAt: 1,
  devices: ['43040500001320000002', '43040500001320000001'],
  respondBy: 2,
  repairBy: 3,
  rule: { class: 'urban', respondHours: 2, repairHours: 24, clock: '24h', provenance: '合同' },
}
const chain = (...steps: WorkOrderStep['step'][]): WorkOrderStep[] => {
  const links: WorkOrderStep[] = []
  for (const [n, step] of steps.entries()) {
    const link = { at: n + 1, actor: 'li', step, note: n === 0 ? null : '好', down: 2 }
    links.push({ ...link, hash: linkOf(terms, links.at(-1)?.hash, link) })
  }
  return links
}
const whole = chain('issue', 'yellow', 'receive', 'comment', 'done', 'return', 'done', 'verify', 'close')

test('an order stands where its steps say: first received, last done, not done while returned', () => {
  const standing = { status: 'closed', receivedAt: 3, doneAt: 7, closedAt: 9, returned: true }
  expect(standingOf(whole)).toEqual(standing)
  expect(standingOf(whole.slice(0, 6))).toEqual({ ...standing, status: 'returned', doneAt: null, closedAt: null })
  expect(standingOf(chain('issue', 'receive', 'dispute', 'uphold', 'receive'))).toMatchObject({
    status: 'received',
    receivedAt: 2,
  })
  expect(standingOf(chain('issue', 'cancel'))).toMatchObject({ status: 'cancelled', closedAt: 2 })
})

test('the chain holds whatever the order of the devices, and no longer when anything of it was edited', () => {
  const standing = standingOf(whole)
  expect(isWhole({ ...terms, devices: terms.devices.toReversed() }, whole, standing)).toBe(true)
  for (const [field, value] of Object.entries({
    unit: '乙',
    repairBy: 4,
    issuedBy: 'wang',
    devices: [],
    number: 'GD-1',
  }))
    expect([field, isWhole({ ...terms, [field]: value }, whole, standing)]).toEqual([field, false])
  for (const [field, value] of Object.entries({ at: 99, actor: 'wang', step: 'comment', note: '坏', down: 0 }))
    for (const n of [0, 4, 8])
      expect([field, n, isWhole(terms, whole.with(n, { ...whole[n]!, [field]: value }), standing)]).toEqual([
        field,
        n,
        false,
      ])
  expect(isWhole(terms, whole.toSpliced(3, 1), standing)).toBe(false)
  expect(isWhole(terms, whole.slice(0, -1), standing)).toBe(false)
  expect(isWhole(terms, [], standingOf([]))).toBe(false)
  expect(isWhole(terms, whole, { ...standing, doneAt: 6 })).toBe(false)
})
