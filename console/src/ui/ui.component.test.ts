import { render, screen, waitFor } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { createRawSnippet } from 'svelte'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { ApiError } from '../api/client.ts'
import { Resource } from '../api/resource.svelte.ts'
import { theme } from '../browser/theme.svelte.ts'
import { snapshot } from '../testing/examples.ts'
import { logInAs, useHub, visit } from '../testing/hub.ts'
import Card from './Card.svelte'
import Change from './Change.svelte'
import Choice from './Choice.svelte'
import ChoiceMenu from './ChoiceMenu.svelte'
import Composition from './Composition.svelte'
import Denied from './Denied.svelte'
import EmptyState from './EmptyState.svelte'
import Failure from './Failure.svelte'
import Fields from './Fields.svelte'
import FormDialog from './FormDialog.svelte'
import Menu from './Menu.svelte'
import Pending from './Pending.svelte'
import Rate from './Rate.svelte'
import Segments from './Segments.svelte'
import StateMark from './StateMark.svelte'
import TabbedPage from './TabbedPage.svelte'
import ThemeChoice from './ThemeChoice.svelte'
import VerdictMark from './VerdictMark.svelte'

const hub = useHub()
const snippet = (html: string) => createRawSnippet(() => ({ render: () => html }))

test('a card is a region with its title as its name', () => {
  render(Card, { title: '构成', note: '今日', children: snippet('<p>内容</p>') })
  expect(screen.getByRole('region', { name: '构成' }).textContent).toContain('内容')
  expect(screen.getByText('今日')).toBeTruthy()
})

test.each([
  [0.9, 0.96, '−6.00 pt', 'fell'],
  [0.955, 0.96, '−0.50 pt', 'slipped'],
  [0.97, 0.96, '+1.00 pt', ''],
  [null, 0.96, '—', ''],
])('a rate of %s after %s changed by %s', (now, before, text, mark) => {
  render(Change, { now, before })
  const said = screen.getByText(text, { normalizer: (words) => words.replaceAll('\u00a0', ' ') })
  expect(said.classList.contains('fell') ? 'fell' : said.classList.contains('slipped') ? 'slipped' : '').toBe(mark)
})

test('a rate far below its target is marked, and none is a dash', async () => {
  const { rerender } = render(Rate, { props: { rate: 0.9, target: 0.98 } })
  expect(screen.getByText(/90\.00/).className).toContain('red')
  await rerender({ rate: 0.99, target: 0.98 })
  expect(screen.getByText(/99\.00/).className).not.toContain('red')
  await rerender({ rate: null, target: 0.98 })
  expect(screen.getByText('—').className).toContain('none')
})

test('of a few addresses the chosen one is the current', () => {
  render(Choice, {
    label: '走势',
    options: [
      { key: '24h', word: '24 小时', href: '/?a', chosen: true },
      { key: '30d', word: '30 天', href: '/?b', chosen: false },
    ],
  })
  expect(screen.getByRole('link', { current: true }).textContent).toBe('24 小时')
  expect(screen.getByRole('link', { name: '30 天' }).getAttribute('href')).toBe('/?b')
})

test('the composition is read out state by state, and what is zero is not drawn', () => {
  const { container } = render(Composition, { props: { snapshot: snapshot(96, 4), target: 0.98 } })
  expect(screen.getByRole('img', { name: '在线 96，带病在线 0，离线 4，未知 0，豁免 0' })).toBeTruthy()
  expect([...container.querySelectorAll('rect:not(.none)')].map((rect) => rect.getAttribute('width'))).toEqual([
    '96',
    '4',
  ])
})

test.each([
  ['up', '在线'],
  ['degraded', '带病在线'],
  ['down', '离线'],
  ['unknown', '未知'],
  ['exempt', '豁免'],
] as const)('the mark of %s has a shape, and its word for those who see none', (state, word) => {
  const { container } = render(StateMark, { state })
  expect(screen.getByText(word)).toBeTruthy()
  expect(container.querySelector('svg')?.children).toHaveLength(1)
})

test.each([
  ['pass', '通过', 'up'],
  ['degraded', '异常', 'degraded'],
  ['fail', '失败', 'down'],
  ['blind', '无法判断', 'unknown'],
] as const)('a probe that ended with %s says %s with the mark of %s', (verdict, word, state) => {
  const { container } = render(VerdictMark, { verdict })
  expect(container.textContent).toContain(word)
  expect(container.querySelector('.mark')?.classList.contains(state)).toBe(true)
})

test('where a permission is missing, it says which and who is asking', async () => {
  await logInAs(hub, 'operator')
  render(Denied, { permission: 'approve' })
  expect(screen.getByText('需要“审批”权限，当前角色为运维员。')).toBeTruthy()
})

test('an empty state has a title, what to do next and a way on', () => {
  render(EmptyState, { title: '还没有设备', body: '从 CSV 导入。', action: snippet('<a href="/x">导入</a>') })
  expect(screen.getByRole('status').textContent).toContain('从 CSV 导入。')
  expect(screen.getByRole('link', { name: '导入' })).toBeTruthy()
})

describe('a request that failed', () => {
  const problem = (status: number, detail: string) =>
    new ApiError(status, { type: 'about:blank', title: detail, status, code: 'test', detail, action: '' })

  test('says what failed in the words of the hub, and can be tried again', async () => {
    const retry = vi.fn()
    render(Failure, { what: '设备列表', error: problem(500, '数据库正忙。'), retry })
    expect(screen.getByRole('alert').textContent).toContain('“设备列表”载入失败')
    expect(screen.getByRole('alert').textContent).toContain('数据库正忙。')
    await userEvent.click(screen.getByRole('button', { name: '重试' }))
    expect(retry).toHaveBeenCalledOnce()
  })

  test('says that the hub does not answer', () => {
    render(Failure, { what: '设备列表', error: new ApiError(0, null), retry: () => undefined })
    expect(screen.getByRole('alert').textContent).toContain('无法连接到中枢')
  })

  test('says who can grant it when it was forbidden, and offers no second try', async () => {
    await logInAs(hub, 'auditor')
    render(Failure, { what: '设备列表', error: problem(403, 'x'), retry: () => undefined })
    expect(screen.getByText('没有“查看”权限')).toBeTruthy()
    expect(screen.getByText('当前角色为审计员。请联系安全管理员授权。')).toBeTruthy()
    expect(screen.queryByRole('button')).toBeNull()
  })
})

test('what has not come yet is loading; what could not be read says so, and a second try brings it', async () => {
  hub.refuses('repairUnits', 503, '维护中。')
  const resource = new Resource(() => '/repair-units')
  render(Pending, { resource, what: '维修单位', lines: 3 })
  expect(screen.getByRole('status', { name: '正在载入' })).toBeTruthy()
  await resource.load()
  expect((await screen.findByRole('alert')).textContent).toContain('维护中。')
  hub.answers('repairUnits', { usual: null, units: [], suggested: [] })
  await userEvent.click(screen.getByRole('button', { name: '重试' }))
  await waitFor(() => expect(resource.data).toEqual({ usual: null, units: [], suggested: [] }))
})

test('a fault stands beside its field', () => {
  render(Fields, {
    fields: [
      { key: 'a', label: '名称', value: '球机' },
      { key: 'b', label: '经度', value: '', fault: '缺失' },
    ],
  })
  const [name, longitude] = screen.getAllByRole('definition')
  expect(name?.textContent?.trim()).toBe('球机')
  expect(longitude?.textContent).toContain('▲ 缺失')
})

test('of several choices in sight one is pressed, and another can be chosen', async () => {
  const choose = vi.fn()
  const options = [
    { value: 'a', word: '甲' },
    { value: 'b', word: '乙', count: '3' },
  ]
  render(Segments, { label: '显示', value: 'a', options, choose })
  expect(screen.getByRole('button', { pressed: true }).textContent).toContain('甲')
  await userEvent.click(screen.getByRole('button', { name: '乙 3' }))
  expect(choose).toHaveBeenCalledWith('b')
})

describe('a menu', () => {
  const open = async () => {
    render(Menu, { label: '用户', trigger: snippet('<span>wang</span>'), children: snippet('<button>退出</button>') })
    await userEvent.click(screen.getByRole('button', { name: '用户' }))
    return screen.getByRole('button', { name: '退出' })
  }

  test('drops down, and Esc shuts it and goes back to its button', async () => {
    await open()
    await userEvent.keyboard('{Escape}')
    expect(screen.queryByRole('button', { name: '退出' })).toBeNull()
    expect(document.activeElement).toBe(screen.getByRole('button', { name: '用户', expanded: false }))
  })

  test('is shut by a click elsewhere, and not by one inside', async () => {
    await userEvent.click(await open())
    expect(screen.getByRole('button', { name: '退出' })).toBeTruthy()
    await userEvent.click(document.body)
    expect(screen.queryByRole('button', { name: '退出' })).toBeNull()
  })
})

test('one dimension of a filter says what is chosen, and keeps the order of the values', async () => {
  const choose = vi.fn()
  const words = { telecom: '电信', mobile: '移动', cable: '广电' } as const
  const values = ['telecom', 'mobile', 'cable'] as const
  render(ChoiceMenu<(typeof values)[number]>, {
    label: '运营商',
    values,
    chosen: ['cable'],
    word: (value: keyof typeof words) => words[value],
    choose,
  })
  await userEvent.click(screen.getByRole('button', { name: '运营商：广电' }))
  expect(screen.getByRole('checkbox', { name: '广电', checked: true })).toBeTruthy()
  await userEvent.click(screen.getByRole('checkbox', { name: '移动' }))
  expect(choose).toHaveBeenLastCalledWith(['mobile', 'cable'])
  await userEvent.click(screen.getByRole('checkbox', { name: '广电' }))
  expect(choose).toHaveBeenLastCalledWith([])
})

describe('a dialog with a form', () => {
  const shown = (more: { busy?: boolean; problem?: string } = {}) => {
    const [close, submit] = [vi.fn(), vi.fn()]
    const before = document.createElement('button')
    document.body.append(before)
    before.focus()
    onTestFinished(() => before.remove())
    const view = render(FormDialog, {
      title: '拒绝 2 台设备',
      action: '拒绝',
      busy: false,
      close,
      submit,
      children: snippet('<label>原因 <input></label>'),
      ...more,
    })
    return { ...view, close, submit, before }
  }

  test('stands over the page by its title, and submits', async () => {
    const { submit } = shown()
    expect(screen.getByRole('dialog', { name: '拒绝 2 台设备' })).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '拒绝' }))
    expect(submit).toHaveBeenCalledOnce()
  })

  test('can be left without doing anything, and focus goes back', async () => {
    const { submit, close, unmount, before } = shown()
    await userEvent.click(screen.getByRole('button', { name: '取消' }))
    expect([close.mock.calls.length, submit.mock.calls.length]).toEqual([1, 0])
    unmount()
    expect(document.activeElement).toBe(before)
  })

  test('says what the hub refused, and waits while it is busy', () => {
    shown({ busy: true, problem: '原因不能为空。' })
    expect(screen.getByRole('alert').textContent).toBe('原因不能为空。')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: '拒绝' }).disabled).toBe(true)
  })
})

test('a page of several parts has an address for each', () => {
  visit('/settings?district=430426')
  render(TabbedPage<'a' | 'b'>, {
    page: 'settings',
    title: '设置',
    parts: ['a', 'b'],
    tab: 'b',
    word: (part: 'a' | 'b') => ({ a: '网关', b: '用户' })[part],
    children: snippet('<p>内容</p>'),
  })
  expect(screen.getByRole('heading', { level: 1, name: '设置' })).toBeTruthy()
  expect(screen.getByRole('link', { name: '网关' }).getAttribute('href')).toBe('/settings/a?district=430426')
  expect(screen.getByRole('link', { current: 'page' }).textContent).toBe('用户')
})

test('one button goes round the three themes and says where it leads', async () => {
  render(ThemeChoice)
  const seen = [theme()]
  for (let n = 0; n < 3; n++) {
    await userEvent.click(screen.getByRole('button'))
    seen.push(theme())
  }
  expect(new Set(seen.slice(0, 3)).size).toBe(3)
  expect(seen[3]).toBe(seen[0])
  expect(screen.getByRole('button').getAttribute('aria-label')).toMatch(/^外观：.+ → .+$/)
})
