import { expect, test } from 'vitest'
import { paceLines, paceOf, searchedPrefix } from './pace.ts'
import { gatewaysOf } from './plan.ts'

const large = { cores: 64, memory: 512e9, descriptors: 1_000_000 }

test.each([
  // cameras, sensors, every, search, gateways, simulators, multicast
  [0, 0, 10, 30, 2, 1, true],
  [600, 120, 10, 30, 2, 1, true],
  [2_000, 100, 10, 30, 2, 1, true],
  [5_000, 250, 10, 30, 2, 1, false],
  [10_000, 500, 15, 45, 2, 2, false],
  [20_000, 1_000, 30, 90, 4, 2, false],
  [50_000, 2_500, 75, 225, 12, 4, false],
])('%i cameras and %i sensors: every %i s, searched every %i s, %i gateways, %i simulators, multicast %s', (...row) => {
  const [cameras, sensors, every, search, gateways, simulators, multicast] = row
  expect(paceOf({ cameras, sensors }, large)).toMatchObject({
    probeEverySeconds: every,
    discoverEverySeconds: search,
    gateways,
    simulators,
    multicast,
    lacks: [],
  })
})

test('the pace is that of the city; of the machine is only how many processes simulate it', () => {
  const city = { cameras: 20_000, sensors: 1_000 }
  const small = paceOf(city, { cores: 1, memory: 1e9, descriptors: 1_024 })
  expect({ ...small, lacks: [], simulators: 2 }).toEqual(paceOf(city, large))
  expect(small.simulators).toBe(23)
  expect(small.lacks.map(({ what }) => what)).toEqual(['cores', 'memory', 'descriptors'])
})

test('what the machine lacks is said with what is needed and what is there, and nothing else', () => {
  const city = { cameras: 20_000, sensors: 1_000 }
  const pace = paceOf(city, { cores: 2, memory: 16e9, descriptors: 4_096 })
  const [zh, en, lack, ...more] = paceLines(city, pace)
  expect(zh).toBe(
    '20,000 台摄像机、1,000 个传感器：每 30 秒探测一次，4 个网关，7 个模拟器进程，每 90 秒搜索一次（只搜网段）',
  )
  expect(en).toBe(
    '20,000 cameras, 1,000 sensors: probed every 30 s by 4 gateways, simulated by 7 processes, searched every 90 s (ranges only)',
  )
  expect(lack).toContain('约需 16,000，现有 4,096')
  expect(lack).toContain('about 16,000 needed, 4,096 present')
  expect(more).toEqual([])
})

test.each([
  [['127.11.0.254'], 24],
  [['127.11.0.1', '127.11.1.1'], 23],
  [['127.11.3.254'], 22],
  [['127.11.9.114', '127.11.0.1'], 20],
  [[], 24],
])('%j are found in a /%i', (addresses, prefix) => {
  expect(searchedPrefix(addresses)).toBe(prefix)
})

test.each([2, 3, 4, 6, 12])('%i gateways serve each district once', (count) => {
  const gateways = gatewaysOf(count)
  expect(gateways).toHaveLength(count)
  expect(new Set(gateways.map(({ id }) => id)).size).toBe(count)
  expect(new Set(gateways.flatMap(({ districts }) => districts)).size).toBe(12)
  expect(gateways.flatMap(({ districts }) => districts)).toHaveLength(12)
})

test('two gateways are the ones that older data folders know', () => {
  expect(gatewaysOf(2).map(({ id }) => id)).toEqual(['43040500002000000001', '43042200002000000002'])
})
