import type { Adjustment, AdjustmentEffect } from '@hub/contracts'
import { dayMs, hourMs } from '@hub/core'
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test } from 'vitest'
import { adjustment, deviceId, now, uuid } from '../../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../../testing/hub.ts'
import { rowTexts, textOf } from '../../../testing/read.ts'
import AdjustmentsPage from './AdjustmentsPage.svelte'
import Effect from './Effect.svelte'

const hub = useHub()
const user = userEvent.setup()
const here = () => location.pathname + location.search
const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name })
const effect = (more: Partial<AdjustmentEffect> = {}): AdjustmentEffect => {
  const figures = {
    devices: 12,
    before: { up: 20 * hourMs, down: 4 * hourMs, unknown: 0, exempt: 0 },
    after: { up: 20 * hourMs, down: hourMs, unknown: 0, exempt: 3 * hourMs },
    rateBefore: 20 / 24,
    rateAfter: 20 / 21,
  }
  return { ...figures, from: now - dayMs, to: now, districts: [{ district: '430426', ...figures }], ...more }
}

beforeEach(() => logInAs(hub, 'operator', { permissions: ['view', 'oversee', 'registry', 'approve'] }))

async function open(rows: Adjustment[], path = '/reports/adjustments') {
  hub.answers('adjustments', rows)
  visit(path)
  render(AdjustmentsPage)
  await waitFor(() => expect(hub.asked('adjustments')).not.toHaveLength(0))
}

describe('exemptions and corrections', () => {
  test('say what, where, when and why, and can be narrowed', async () => {
    await open([
      adjustment(1),
      adjustment(2, { kind: 'correction', countAs: 'up', status: 'approved', scope: { by: 'pole', values: ['G-7'] } }),
    ])
    await screen.findByRole('link', { name: /祁东县/ })
    expect(rowTexts()[1]).toMatch(/^待审批 豁免 .*祁东县.* 市政停电检修 12 li · /)
    expect(rowTexts()[2]).toMatch(/^已批准 更正 → 在线 .*G-7/)
    await user.click(button('已批准 1'))
    expect(here()).toBe('/reports/adjustments?status=approved')
    expect(rowTexts()).toHaveLength(2)
    await user.selectOptions(screen.getByRole('combobox', { name: '类别' }), '豁免')
    expect(screen.getByText('没有符合条件的申请')).toBeTruthy()
    await user.click(button('清除筛选'))
    expect(here()).toBe('/reports/adjustments')
  })

  test('may be none yet', async () => {
    await open([])
    expect(await screen.findByText('没有豁免或更正')).toBeTruthy()
    expect(screen.getByRole('link', { name: '申请' }).getAttribute('href')).toBe('/reports/adjustments?row=new')
  })

  test('are not applied for by who may not change the registry', async () => {
    await logInAs(hub, 'commander', { permissions: ['view', 'oversee'] })
    await open([])
    expect(await screen.findByText('需要“管理档案”权限，当前角色为指挥员。')).toBeTruthy()
  })
})

describe('one that is open', () => {
  const opened = async (more: Partial<Adjustment> = {}) => {
    hub.answers('adjustmentEffect', effect())
    await open([adjustment(1, more)], `/reports/adjustments?row=${uuid(1)}`)
    await screen.findByText(/83\.33/, { selector: '.rates' })
  }

  test('says what it changes, and is decided by another than who asked', async () => {
    await opened()
    expect(screen.getByRole('heading', { name: '预计影响' })).toBeTruthy()
    hub.answers('decideAdjustment', adjustment(1, { status: 'approved' }))
    await user.click(button('批准'))
    const dialog = within(screen.getByRole('dialog', { name: '批准这项豁免？' }))
    await user.type(dialog.getByRole('textbox'), '属实')
    await user.click(dialog.getByRole('button', { name: '批准' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(hub.asked('decideAdjustment')[0]).toMatchObject({
      params: { id: uuid(1) },
      body: { decision: 'approve', note: '属实' },
    })
  })

  test('of one’s own can only be withdrawn', async () => {
    await opened({ requestedBy: 'wang' })
    expect(screen.getByText(/^这是您提交的申请/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: '批准' })).toBeNull()
    expect(button('撤回')).toBeTruthy()
  })

  test('is rejected for a reason, which the hub may refuse', async () => {
    await opened()
    hub.refuses('decideAdjustment', 409, '已由 zhao 批准。')
    await user.click(button('拒绝'))
    const dialog = within(screen.getByRole('dialog', { name: '拒绝这项豁免？' }))
    expect(dialog.getByRole<HTMLTextAreaElement>('textbox').required).toBe(true)
    await user.type(dialog.getByRole('textbox'), '无依据')
    await user.click(dialog.getByRole('button', { name: '拒绝' }))
    expect((await dialog.findByRole('alert')).textContent).toBe('已由 zhao 批准。')
  })

  test('says by whom it was decided', async () => {
    await opened({ status: 'approved', decidedBy: 'zhao', decidedAt: now, note: '属实' })
    expect(screen.getByRole('heading', { name: '批准前后' })).toBeTruthy()
    const facts = screen.getAllByRole('definition').map(textOf)
    expect(facts.some((fact) => fact.startsWith('zhao · '))).toBe(true)
    expect(facts.at(-1)).toBe('属实')
  })

  test('is shut with Esc, and the keyboard goes back to its row', async () => {
    await opened()
    await user.keyboard('{Escape}')
    await waitFor(() => expect(here()).toBe('/reports/adjustments'))
    expect(document.activeElement?.id).toBe(`row-${uuid(1)}`)
  })

  test('that does not exist says so', async () => {
    await open([adjustment(1)], `/reports/adjustments?row=${uuid(9)}`)
    expect(await screen.findByText('没有这项申请')).toBeTruthy()
  })
})

describe('an effect', () => {
  test('is the rate before and after, what was moved, and by district', () => {
    render(Effect, { effect: effect() })
    expect(textOf(document.body)).toMatch(/83\.33 % → 95\.23 % \+11\.90 pt 12 台设备/)
    expect(textOf(screen.getByText('改计时间', { selector: 'p span' }).parentElement)).toBe(
      '改计时间 豁免 +3 小时 离线 −3 小时',
    )
    expect(rowTexts()[1]).toMatch(/^祁东县 12 83\.33 % 95\.23 % \+11\.90 pt 豁免 \+3 小时 离线 −3 小时$/)
  })

  test('may move nothing', () => {
    const { before } = effect()
    render(Effect, { effect: effect({ after: before, rateAfter: 20 / 24, districts: [] }) })
    expect(screen.getByText('在线率不变：时段内没有时间被改计。')).toBeTruthy()
  })

  test('may reach no device', () => {
    render(Effect, { effect: effect({ devices: 0 }) })
    expect(screen.getByText('没有设备受影响')).toBeTruthy()
  })
})

describe('an application', () => {
  const apply = async () => {
    hub.answers('previewAdjustment', effect())
    await open([], '/reports/adjustments?row=new')
    await screen.findByText('申请豁免、更正或档案补正')
  }
  const fill = async () => {
    await user.click(button('设备'))
    await user.type(screen.getByLabelText(/^设备编码/), `${deviceId(1)}\n${deviceId(2)}`)
    await user.type(screen.getByLabelText(/^开始/), '2026-11-21T09:00')
    await user.type(screen.getByLabelText(/^结束/), '2026-11-21T18:00')
  }

  test('shows what it would change while it is filled in', async () => {
    await apply()
    expect(screen.getByText(/^范围与时段填妥后/)).toBeTruthy()
    await fill()
    expect(await screen.findByText('12 台设备')).toBeTruthy()
    expect(hub.asked('previewAdjustment').at(-1)?.body).toMatchObject({
      kind: 'exemption',
      countAs: 'exempt',
      scope: { by: 'devices', values: [deviceId(1), deviceId(2)] },
      from: Date.parse('2026-11-21T09:00+08:00'),
      to: Date.parse('2026-11-21T18:00+08:00'),
    })
  })

  test('says below each field what is wrong, and goes to the first', async () => {
    await apply()
    await user.click(button('提交申请'))
    expect(screen.getByRole('alert').textContent).toBe('请先改正标出的内容。')
    expect(screen.getAllByText('必填。')).toHaveLength(2)
    expect(screen.getAllByText('请填写日期和时间。')).toHaveLength(2)
    expect(document.activeElement?.getAttribute('aria-invalid')).toBe('true')
    expect(hub.asked('requestAdjustment')).toEqual([])
  })

  test('is sent, and opens', async () => {
    await apply()
    await fill()
    await user.type(screen.getByLabelText('原因'), '市政停电检修')
    await user.type(screen.getByLabelText('申请单位或人'), '供电公司')
    hub.answers('requestAdjustment', adjustment(5))
    hub.answers('adjustments', [adjustment(5)])
    hub.answers('adjustmentEffect', effect())
    await user.click(button('提交申请'))
    await waitFor(() => expect(here()).toBe(`/reports/adjustments?row=${uuid(5)}`))
    expect(hub.asked('requestAdjustment')[0]?.body).toMatchObject({ reason: '市政停电检修', applicant: '供电公司' })
    await screen.findByText(/^豁免 · /)
  })

  test('of an exemption can come back every week, over midnight', async () => {
    await apply()
    await user.click(button('每周'))
    await user.click(screen.getByRole('checkbox', { name: '六' }))
    await fireEvent.input(screen.getByLabelText('每次开始'), { target: { value: '22:00' } })
    await fireEvent.input(screen.getByLabelText('每次结束'), { target: { value: '02:00' } })
    expect(screen.getByText('结束在次日')).toBeTruthy()
    await user.click(button('每月'))
    expect(screen.getByLabelText(/^日期（1–31/)).toBeTruthy()
  })

  test('of a correction says as what the time counts, and does not come back', async () => {
    await apply()
    await user.click(button('更正'))
    expect(
      within(screen.getByRole('group', { name: '计为' }))
        .getAllByRole('button')
        .map(textOf),
    ).toEqual(['在线', '离线', '未知'])
    expect(screen.queryByRole('group', { name: '重复' })).toBeNull()
  })
})
