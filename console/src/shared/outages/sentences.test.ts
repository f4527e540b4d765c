import type { OutageRow } from '@hub/contracts'
import { describe, expect, test } from 'vitest'
import { districtsWords } from './names.ts'
import { causeWords, changeWords, evidenceWords, rejectedWords, shareOf, supportWords } from './sentences.ts'

describe('a cause in words', () => {
  test.each([
    ['switch', 'QD-03', '交换机 QD-03', 'Switch QD-03'],
    ['port', 'QD-03/12', '交换机 QD-03 端口 12', 'Switch QD-03, port 12'],
    ['port', 'QD-03', '交换机端口 QD-03', 'Switch port QD-03'],
    ['line', 'mobile/430426', '祁东县 移动专线', 'Mobile line of Qidong'],
    ['district', '430426', '祁东县（全区县）', 'Qidong (whole district)'],
    ['gateway', '43042600002000000007', '网关 …000007', 'Gateway …000007'],
    ['feed', '城东 10kV', '供电 城东 10kV', 'Power feed 城东 10kV'],
    ['subnet', '10.3.2.0/24', '网段 10.3.2.0/24', 'Subnet 10.3.2.0/24'],
    ['attribute', 'model:DS-2CD:3', '型号 DS-2CD:3', 'Model DS-2CD:3'],
    ['place', '112.6026,26.8910/800', '112.6026,26.8910 周围 800 米', '800 m around 112.6026,26.8910'],
    ['place', '112.6026,26.8910', '同一位置 112.6026,26.8910', 'Same spot 112.6026,26.8910'],
    ['moment', '@1764547200000', '同一时刻，上级不明', 'Same moment, parent unknown'],
    [
      'moment',
      'line:mobile/430426@1764547200000',
      '同一时刻，上级不明（祁东县 移动专线）',
      'Same moment, parent unknown (Mobile line of Qidong)',
    ],
  ] as const)('%s %s: %s', (kind, key, zh, en) => {
    expect(causeWords({ kind, key }, 'zh')).toBe(zh)
    expect(causeWords({ kind, key }, 'en')).toBe(en)
  })

  test('a lone device goes by its name, and by the end of its code when it has none', () => {
    const cause = { kind: 'device', key: '43040500001320000001' } as const
    expect(causeWords(cause, 'zh', '解放路球机')).toBe('解放路球机')
    expect(causeWords(cause, 'zh')).toBe('…000001')
    expect(causeWords({ ...cause, kind: 'flapping' }, 'zh', '解放路球机')).toBe('时断时续 解放路球机')
  })
})

const row = (
  cause: Partial<OutageRow['cause']>,
  evidence: Partial<OutageRow['evidence']> = {},
): Pick<OutageRow, 'cause' | 'evidence'> => ({
  cause: { kind: 'switch', key: 'QD-03', mode: 'together', ...cause },
  evidence: { down: 212, of: 214, withinMs: 9_000, rejected: [], ...evidence },
})

test('what speaks for it beside: chance, what is shared, where the record may be wrong', () => {
  const said = supportWords(
    {
      ...row({}).evidence,
      chance: 0.38,
      shared: [{ kind: 'district', key: '430426', down: 40, of: 290 }],
      misplaced: [{ device: '43040500001320000001', recorded: 'QD-04' }],
    },
    'zh',
  )
  expect(said).toEqual([
    '按平时的故障率，同样时间内偶然只会有 0.4 台',
    '共同点：祁东县（全区县）（其 290 台中有 40 台）',
    '1 台同时失联，但档案记在别处，可能登记有误：…000001（档案：QD-04）',
  ])
  expect(supportWords(row({}).evidence, 'en')).toEqual([])
})

describe('why it is believed', () => {
  test.each([
    [row({}), '214 台中 212 台在 9 秒内失联'],
    [row({}, { withinMs: 400 }), '214 台中 212 台同时失联'],
    [row({}, { down: 214 }), '214 台全部在 9 秒内失联'],
    [row({}, { down: 20_000, of: 20_000, withinMs: 0 }), '20,000 台全部同时失联'],
    [row({ mode: 'rolling' }, { withinMs: 900_000 }), '214 台中 212 台在 15 分内先后失联'],
    [row({ kind: 'gateway', mode: 'silent' }), '网关失联，214 台设备状态未知'],
    [row({ kind: 'gateway', mode: 'blind' }), '网关自身断网，214 台设备无法探测'],
    [row({ kind: 'device' }, { down: 1, of: 1 }), '仅此一台失联'],
    [row({ kind: 'flapping' }, { down: 1, of: 1 }), '反复通断，已抑制重复通知'],
  ])('%#', (of, words) => expect(evidenceWords(of, 'zh')).toBe(words))

  test('what else was thought of is named with how much of it stayed up', () =>
    expect(rejectedWords({ kind: 'line', key: 'mobile/430426', down: 212, of: 1_800 }, 'zh')).toBe(
      '未采纳：祁东县 移动专线（1,800 台中仅 212 台失联）',
    ))

  test('an outage that outgrew its evidence is counted by its members', () => {
    const { evidence } = row({})
    expect(shareOf({ evidence, members: 212, down: 100 })).toEqual({ down: 100, of: 214 })
    expect(shareOf({ evidence, members: 300, down: 100 })).toEqual({ down: 100, of: 300 })
  })
})

test('what the correlation saw, once or several times in a row', () => {
  const change = { change: 'grew', members: 212, down: 210, cause: row({}).cause } as const
  expect(changeWords(change, 1, 'zh')).toBe('扩大到 212 台')
  expect(changeWords(change, 5, 'zh')).toBe('5 次扩大，到 212 台')
  expect(changeWords({ ...change, change: 'cause' }, 1, 'en')).toBe('Cause is now Switch QD-03')
  expect(changeWords({ ...change, change: 'partly-resolved' }, 1, 'zh')).toBe('部分恢复，余 210 台')
  expect(changeWords({ ...change, change: 'expected' }, 1, 'zh')).toBe('获批的豁免或检修期内，转为计划内，不再通知')
  expect(changeWords({ ...change, change: 'unexpected' }, 1, 'zh')).toBe(
    '豁免或检修已结束，仍有 210 台未恢复，转为计划外',
  )
})

test('districts are named while they are few', () => {
  expect(districtsWords(['430426', '430424'], 'zh')).toBe('祁东县、衡东县')
  expect(districtsWords(['430426', '430424', '430405'], 'en')).toBe('Qidong, Hengdong +1')
})
