import { expect, test } from 'vitest'
import { detailWords } from './audit-detail.ts'

const now = Date.parse('2026-11-22T04:00:00Z')
const zh = (action: string, detail: object) => detailWords({ action, detail: { ...detail } }, now, 'zh')
const en = (action: string, detail: object) => detailWords({ action, detail: { ...detail } }, now, 'en')

test('a status moves in the words of its own page', () => {
  const closed = { from: 'resolved', to: 'closed', note: null }
  expect(zh('outage.close', closed)).toBe('已恢复 → 已关闭')
  expect(en('outage.close', closed)).toBe('Resolved → Closed')
  expect(zh('work-order.done', { number: 'GD-1', from: 'received', to: 'done', note: '更换电源' })).toBe(
    '维修中 → 待核验 · GD-1 · 更换电源',
  )
  expect(zh('device.stage', { from: 'accepted', to: 'in-service', reason: '验收合格' })).toBe('验收 → 投用 · 验收合格')
})

test('a status that stays says nothing, a unit that comes first has none before', () => {
  expect(zh('outage.comment', { from: 'open', to: 'open', note: '有人前往' })).toBe('有人前往')
  expect(zh('outage.silence', { from: 'open', to: 'open', note: '→ 2026-11-22T05:21:00.000Z; 检修' })).toBe(
    '→ 13:21; 检修',
  )
  expect(zh('user.change', { from: null, to: '衡阳电信' })).toBe('— → 衡阳电信')
})

test('what a user was and is stands in the words of the pages', () => {
  expect(zh('user.role', { from: 'operator', to: 'commander' })).toBe('运维员 → 指挥员')
  expect(zh('user.districts', { from: 'city', to: ['430426'] })).toBe('全市 → 祁东县')
  expect(en('user.districts', { from: ['430426'], to: 'city' })).toMatch(/^Qidong → /)
})

test('names and values have words where the console knows them', () => {
  expect(zh('user.create', { role: 'operator', districts: ['430426'] })).toBe('角色 运维员 · 区县 祁东县')
  expect(en('user.create', { role: 'auditor', districts: 'city' })).toMatch(/^role Auditor · districts /)
  expect(zh('adjustment.request', { kind: 'exemption', from: now, to: now + 3_600_000 })).toBe(
    '12:00 → 13:00 · 类别 豁免',
  )
  expect(zh('moon.land', { crew: 3, query: { by: 'district' } })).toBe('crew 3 · 条件 {"by":"district"}')
})
