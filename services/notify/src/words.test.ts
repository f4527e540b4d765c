import type { Cause } from '@hub/contracts'
import { expect, test } from 'vitest'
import { districtWords, durationWords, evidenceWords } from './words.ts'

const evidence = { down: 212, of: 214, withinMs: 9_000, rejected: [] }

test.each<[Cause['kind'], string, Cause['mode'], string, string]>([
  [
    'line',
    'mobile/430426',
    'unstable',
    '祁东县移动线路 不稳定：其下 214 台中有 212 台反复上下线',
    'Mobile line in Qidong is unstable: 212 of 214 devices behind it go up and down',
  ],
  [
    'attribute',
    'model:DS-2CD',
    'together',
    '型号 DS-2CD 的 214 台中有 212 台在 9 秒内发生故障',
    '212 of 214 devices of model DS-2CD failed within 9 s',
  ],
  [
    'moment',
    'district:430426@1764547200000',
    'together',
    '212 台在 9 秒内失联：同一时刻，上级不明（祁东县）',
    '212 devices went silent within 9 s: the same moment, parent unknown (district Qidong)',
  ],
  [
    'switch',
    'QD-03',
    'together',
    '交换机 QD-03 下的 214 台中有 212 台在 9 秒内失联',
    '212 of 214 devices behind switch QD-03 went silent within 9 s',
  ],
  [
    'feed',
    'F-1',
    'rolling',
    '供电回路 F-1 下的 214 台中有 212 台在 9 秒内先后失联',
    '212 of 214 devices behind power feed F-1 went silent one after another within 9 s',
  ],
  [
    'line',
    'telecom/430426',
    'together',
    '祁东县电信线路 下的 214 台中有 212 台在 9 秒内失联',
    '212 of 214 devices behind Telecom line in Qidong went silent within 9 s',
  ],
  [
    'gateway',
    'G',
    'silent',
    '网关 G 没有消息，其下 214 台设备状态未知',
    'nothing comes from gateway G; the state of 214 devices is unknown',
  ],
  [
    'gateway',
    'G',
    'blind',
    '网关 G 报告自身网络中断，其下 214 台设备状态未知',
    'gateway G reports that its own network is down; the state of 214 devices is unknown',
  ],
  ['device', '43040500001320000001', 'together', '设备 南门 1 失联', 'device 南门 1 is down'],
  ['flapping', '43040500001320000001', 'together', '设备 南门 1 反复上下线', 'device 南门 1 goes up and down'],
])('%s %s, %s', (kind, key, mode, zh, en) => {
  expect(evidenceWords({ kind, key, mode }, evidence, '南门 1', 'zh')).toBe(zh)
  expect(evidenceWords({ kind, key, mode }, evidence, '南门 1', 'en')).toBe(en)
})

test('many districts are counted', () => {
  const codes = ['430405', '430406', '430407', '430408', '430412', '430421', '430422'] as const
  expect(districtWords([...codes], 'zh')).toBe('珠晖区、雁峰区、石鼓区、蒸湘区、南岳区、衡阳县 等 7 个区县')
  expect(districtWords([...codes], 'en')).toMatch(/Hengyang County and 1 more$/)
})

test.each([
  [0, '0 秒', '0 s'],
  [9_400, '9 秒', '9 s'],
  [3_900_000, '1 小时 5 分钟', '1 h 5 min'],
  [90_061_000, '1 天 1 小时', '1 d 1 h'],
])('%i ms', (ms, zh, en) => {
  expect([durationWords(ms, 'zh'), durationWords(ms, 'en')]).toEqual([zh, en])
})
