import type { Scorecard } from '@hub/contracts'
import { differences } from '@hub/core'
import { expect, test } from 'vitest'
import { differenceWords } from './difference.ts'

const words = (
  field: string,
  was: string | number | null,
  now: string | number | null,
  language: 'zh' | 'en' = 'zh',
) => {
  const said = differenceWords({ field, was, now }, language)
  return `${said.what}: ${said.was} → ${said.now}`.replaceAll('\u00a0', ' ')
}

test.each<[string, string | number | null, string | number | null, string]>([
  ['score', 89.999, 90, '得分: 89.99 → 90.00'],
  ['pay', 'part', 'full', '付费: 按比例 → 全额'],
  ['devices', 1_700, 1_702, '设备数: 1,700 → 1,702'],
  ['totals.down', 5_400_000, 0, '离线时间: 1.50 小时 → 0.00 小时'],
  ['lines.online.value', 0.9537, 0.9612, '在线 · 数值: 95.37 % → 96.12 %'],
  ['lines.repair.value', null, 0.9, '修复 · 数值: — → 90.00 %'],
  ['lines.repair.basis', 'unmeasured', 'stated', '修复 · 依据: 未测 → 填报'],
  ['lines.online.deduction', 1.5, 0, '在线 · 扣分: 1.50 → 0.00'],
  ['policy.items.image.full', 0.95, 0.96, '图像 · 满分线: 95.00 % → 96.00 %'],
  ['policy.payFull', 90, 92, '全额付费线: 90.00 → 92.00'],
  ['policy.unmeasured', 'left-out', 'zero', '未测项目: 不计，权重分摊到其余项目 → 按零分计'],
  ['policy.provenance', '', '市政府文件', '规则来源: — → 市政府文件'],
  ['lines.moon.value', 1, 0.5, 'lines.moon.value: 100.00 % → 50.00 %'],
])('%s', (field, was, now, sentence) => expect(words(field, was, now)).toBe(sentence))

test('and in English', () => expect(words('pay', 'none', 'part', 'en')).toBe('Pay: none → pro rata'))

test('every field that differs between two cards has a name of its own', () => {
  const rule = { weight: 20, full: 1, zero: 0.8 }
  const card = (n: number) =>
    ({
      score: n,
      pay: n ? 'full' : 'none',
      devices: n,
      totals: { up: n, down: n, unknown: n, exempt: n },
      lines: (['online', 'image', 'recording', 'record', 'repair', 'documents'] as const).map((item) => ({
        item,
        weight: n,
        value: n,
        numerator: n,
        denominator: n,
        deduction: n,
        basis: n ? 'computed' : 'stated',
        source: `${n}`,
      })),
      policy: {
        items: Object.fromEntries(
          ['online', 'image', 'recording', 'record', 'repair', 'documents'].map((item) => [
            item,
            { ...rule, weight: n, full: n, zero: n },
          ]),
        ),
        payFull: n,
        payPart: n,
        unmeasured: n ? 'zero' : 'left-out',
        provenance: `${n}`,
      },
    }) as unknown as Scorecard
  const all = differences(card(0), card(1))
  expect(all.length).toBeGreaterThan(60)
  expect(all.filter((one) => differenceWords(one, 'zh').what === one.field)).toEqual([])
})
