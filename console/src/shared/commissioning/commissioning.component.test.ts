import type { Commissioning } from '@hub/contracts'
import { stepCounts } from '@hub/core'
import { render, screen, waitFor } from '@testing-library/svelte'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { setLanguage } from '../../i18n/language.svelte.ts'
import { commissioning, now } from '../../testing/examples.ts'
import { logInAs, useHub } from '../../testing/hub.ts'
import { textOf } from '../../testing/read.ts'
import CommissioningCard from './CommissioningCard.svelte'
import CommissioningStrip from './CommissioningStrip.svelte'
import { formatPace, paceWords, pollAfter } from './pace.ts'

const hub = useHub()
beforeEach(() => logInAs(hub, 'operator'))

/** What a tab that comes back into sight asks at once, without the pause between two questions. */
const look = () => document.dispatchEvent(new Event('visibilitychange'))
const asked = (count: number) => waitFor(() => expect(hub.asked('commissioning')).toHaveLength(count))

/** What the hub answers from now on, and is asked for at once. */
async function turned(answer: Commissioning): Promise<void> {
  hub.answers('commissioning', answer)
  const before = hub.asked('commissioning').length
  look()
  await waitFor(() => expect(hub.asked('commissioning').length).toBeGreaterThan(before))
}
const items = () => screen.getAllByRole('listitem').map(textOf)

describe('the progress of a rollout', () => {
  test('says of each step how far it is, how fast, and how long it will take', async () => {
    hub.answers('commissioning', commissioning(now, 6_000))
    render(CommissioningCard)
    expect(await screen.findByText('正在测算速度…')).toBeTruthy()
    await turned(commissioning(now + 30_000, 12_300))
    expect(await screen.findByText('已识别 12,300 / 20,000，每秒 210，约 37 秒')).toBeTruthy()
    expect(items()).toEqual([
      '已入档 21,000 / 21,000 摄像机 20,000 · 传感器 1,000',
      '已发现 20,000 / 20,000 仅摄像机',
      '已批准 21,000 / 21,000 摄像机 20,000 · 传感器 1,000',
      '已下发 21,000 / 21,000',
      '已识别 12,300 / 20,000 仅摄像机 每秒 210，约 37 秒',
      '已探测 13,300 / 21,000 摄像机 12,300 · 传感器 1,000 每秒 210，约 37 秒',
      '在线 13,300 / 21,000 摄像机 12,300 · 传感器 1,000 每秒 210，约 37 秒',
    ])
    expect(screen.getByRole('progressbar', { name: '已识别 12,300 / 20,000' }).getAttribute('value')).toBe('12300')
  })

  test('says it in English', async () => {
    setLanguage('en')
    const sweep = (asked: number) => ({ ...commissioning(now, 0).gateways, asked, toAsk: 65_000 })
    hub.answers('commissioning', commissioning(now, 6_000, { gateways: sweep(0) }))
    render(CommissioningCard)
    await screen.findByText('Measuring the pace…')
    await turned(commissioning(now + 30_000, 12_300, { gateways: sweep(30_000) }))
    expect(await screen.findByText('Identified 12,300 / 20,000, 210 a second, 37 s left')).toBeTruthy()
    expect(screen.getByText('Addresses asked 30,000 / 65,000, 1,000 a second, 35 s left')).toBeTruthy()
    expect(screen.getByText('2 of 2 gateways online')).toBeTruthy()
  })

  test('is calm when nothing moves, and when all is done', async () => {
    hub.answers('commissioning', commissioning(now, 6_000))
    render(CommissioningCard)
    await screen.findByText('正在测算速度…')
    await turned(commissioning(now + 30_000, 6_000))
    expect(await screen.findByText('最近一分钟没有进展。')).toBeTruthy()
    await turned(commissioning(now + 90_000, 20_000))
    expect(await screen.findByText('在档设备已基本上线。')).toBeTruthy()
  })

  test('with an empty record says what to do', async () => {
    const none = { recorded: 0, approved: 0, identified: 0, probed: 0, online: 0 }
    hub.answers('commissioning', commissioning(now, 0, { cameras: none, sensors: none }))
    render(CommissioningCard)
    expect(await screen.findByText('档案中还没有设备')).toBeTruthy()
    expect(screen.getByRole('link', { name: '导入档案' }).getAttribute('href')).toBe('/settings/registry')
  })

  test('says what could not be read, and keeps the figures that it had', async () => {
    hub.refuses('commissioning', 503, '记录库忙。')
    const { unmount } = render(CommissioningCard)
    expect(await screen.findByText('“上线进度”载入失败')).toBeTruthy()
    unmount()
    hub.answers('commissioning', commissioning(now, 6_000))
    render(CommissioningCard)
    await screen.findByText('正在测算速度…')
    hub.refuses('commissioning', 503, '记录库忙。')
    look()
    expect(textOf(await screen.findByRole('alert'))).toBe('读取失败，下列为 10:00:00 的数字。 重试')
    expect(items()[4]).toContain('已识别 6,000 / 20,000')
  })

  test('is not asked for in a tab that nobody sees', async () => {
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    hub.answers('commissioning', commissioning(now, 6_000))
    render(CommissioningCard)
    look()
    await new Promise((next) => setTimeout(next, 50))
    expect(hub.asked('commissioning')).toHaveLength(0)
    hidden.mockReturnValue(false)
    look()
    await asked(1)
    hidden.mockRestore()
  })
})

describe('the strip of the overview', () => {
  test('is there while a rollout goes on, leads to its progress, and goes by itself', async () => {
    hub.answers('commissioning', commissioning(now, 6_000))
    render(CommissioningStrip)
    await asked(1)
    expect(screen.queryByRole('region')).toBeNull()
    await turned(commissioning(now + 30_000, 12_300))
    const strip = await screen.findByRole('region', { name: '设备上线进行中' })
    expect(textOf(strip)).toBe('设备上线进行中 已识别 12,300 / 20,000，每秒 210，约 37 秒 查看进度')
    expect(screen.getByRole('link', { name: '查看进度' }).getAttribute('href')).toBe('/settings/rollout')
    hub.answers('commissioning', commissioning(now + 60_000, 20_000))
    look()
    await waitFor(() => expect(screen.queryByRole('region')).toBeNull())
  })

  test('says nothing of a hub that does not answer: the page about it says so', async () => {
    hub.refuses('commissioning', 503, '记录库忙。')
    render(CommissioningStrip)
    await waitFor(() => expect(document.body.textContent?.trim()).toBe(''))
  })
})

const sample = (at: number, identified: number, online = identified) => {
  const counts = commissioning(at, identified)
  return { at, steps: stepCounts({ ...counts, cameras: { ...counts.cameras, online } }) }
}
test.each([
  ['nothing is known yet', [], false, 3_000],
  ['a pace is to be measured', [sample(0, 6_000)], false, 3_000],
  ['it moves', [sample(0, 6_000), sample(3_000, 6_600)], false, 3_000],
  ['it rests', [sample(0, 6_000), sample(3_000, 6_000)], false, 30_000],
  ['devices come back online, nothing else', [sample(0, 20_000, 100), sample(3_000, 20_000, 9_000)], false, 30_000],
  ['it could not be read', [sample(0, 6_000), sample(3_000, 6_600)], true, 10_000],
])('asks again, when %s, after a pause', (_, samples, failed, pause) => {
  expect(pollAfter(samples, failed)).toBe(pause)
})

test.each([
  [1_234.4, '1,234'],
  [9.96, '10'],
  [9.94, '9.9'],
  [0.14, '0.1'],
  [0.01, '< 0.1'],
])('a pace of %d is %s', (pace, words) => expect(formatPace(pace)).toBe(words))

test.each([
  [37, '每秒 1.0，约 37 秒'],
  [104, '每秒 1.0，约 104 秒'],
  [301, '每秒 1.0，约 6 分'],
  [7_205, '每秒 1.0，约 2 小时 1 分'],
])('%d s left', (left, words) =>
  expect(paceWords({ step: 'online', done: 0, of: left, perSecond: 1, leftMs: left * 1_000 }, 'zh')).toBe(words),
)
