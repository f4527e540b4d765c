import type { Commissioning } from '@hub/contracts'
import { expect, test } from 'vitest'
import { createProgressLines, progressOf } from './progress.ts'

const size = { cameras: 1_000, sensors: 50 }
const none = { recorded: 0, approved: 0, identified: 0, probed: 0, online: 0 }
const gateways = { online: 2, total: 2, asked: 0, toAsk: 0, found: 0, assigned: 0, spooled: 0 }
const at = (cameras: Partial<typeof none>, sensors: Partial<typeof none> = {}, more = {}): Commissioning => ({
  asOf: 0,
  cameras: { ...none, ...cameras },
  sensors: { ...none, ...sensors },
  gateways: { ...gateways, ...more },
})

test('a line names the steps that are under way, with their rates and the time left', () => {
  const line = createProgressLines()
  expect(line(progressOf(at({ recorded: 400 }), size), 0)).toBe(
    '导入 imported 400 / 1,050 · 发现 found 0 / 1,000 · 核准 approved 0 / 1,050 · 下发 assigned 0 / 1,050 · 识别 identified 0 / 1,000 · 首次探测 probed 0 / 1,050 · 在线 online 0 / 1,050',
  )
  const found = at(
    { recorded: 1_000, approved: 1_000, identified: 200, probed: 300, online: 300 },
    { recorded: 50, approved: 50 },
    { asked: 3_000, toAsk: 3_000, found: 1_000, assigned: 1_050 },
  )
  expect(line(progressOf(found, size), 10_000)).toBe(
    '识别 identified 200 / 1,000，20/s，约 40 s left · 首次探测 probed 300 / 1,050，30/s，约 25 s left · 在线 online 300 / 1,050，30/s，约 25 s left',
  )
})

test('rates are of the last seconds, and nothing new is not said twice', () => {
  const line = createProgressLines()
  const online = (count: number) => progressOf(at({ recorded: 1_000, online: count }, { recorded: 50 }), size)
  line(online(0), 0)
  line(online(800), 10_000)
  line(online(820), 20_000)
  expect(line(online(840), 30_000)).toContain('在线 online 840 / 1,050，2/s，约 105 s left')
  expect(line(online(840), 32_000)).toBeUndefined()
})

test('found at two gateways is not found twice', () => {
  const found = progressOf(at({}, {}, { found: 1_900 }), size).steps.find(({ step }) => step === 'found')
  expect(found).toMatchObject({ done: 1_000, of: 1_000 })
})

test('it is complete when every device on record is online, and not before the record is whole', () => {
  expect(progressOf(at({ recorded: 400, online: 400 }), size).complete).toBe(false)
  expect(progressOf(at({ recorded: 1_000, online: 1_000 }, { recorded: 50, online: 49 }), size).complete).toBe(false)
  expect(progressOf(at({ recorded: 1_000, online: 1_000 }, { recorded: 50, online: 50 }), size).complete).toBe(true)
})
