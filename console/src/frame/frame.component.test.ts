import { permissions } from '@hub/contracts'
import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { describe, expect, test, vi } from 'vitest'
import App from '../App.svelte'
import { setLanguage } from '../i18n/language.svelte.ts'
import { pages } from '../pages.ts'
import { address } from '../router/router.svelte.ts'
import { currentSession } from '../session/session.svelte.ts'
import { devicePage as devices } from '../shared/devices/registry.svelte.ts'
import { cityOverview } from '../shared/overview/overview.svelte.ts'
import {
  commissioning,
  deviceDetail,
  devicePage,
  deviceRow,
  group,
  now,
  overview,
  snapshot,
} from '../testing/examples.ts'
import { logInAs, useHub, visit } from '../testing/hub.ts'
import { textOf, withoutWebGl } from '../testing/read.ts'
import Page from './Page.svelte'
import { railOf } from './pages.ts'
import Rail from './Rail.svelte'
import Scope from './Scope.svelte'
import Search from './Search.svelte'
import TopBar from './TopBar.svelte'
import UserMenu from './UserMenu.svelte'

const hub = useHub()
const user = userEvent.setup()
const links = () => screen.getAllByRole('link').map((link) => [link.textContent?.trim(), link.getAttribute('href')])

describe('the rail', () => {
  test('leads a viewer to the pages of the table, in the district at hand', async () => {
    await logInAs(hub, 'operator')
    visit('/devices?district=430426&state=down')
    render(Rail)
    expect(links()).toEqual([
      ['总览', '/?district=430426'],
      ['地图', '/map?district=430426'],
      ['设备', '/devices?district=430426'],
      ['故障', '/outages?district=430426'],
      ['应急指挥', '/emergency?district=430426'],
      ['考核', '/reports?district=430426'],
      ['设置', '/settings?district=430426'],
    ])
    expect(screen.getByRole('link', { current: 'page' }).textContent?.trim()).toBe('设备')
  })

  test('shows the outages as where one is among work orders and own work', async () => {
    await logInAs(hub, 'operator')
    visit('/work')
    render(Rail)
    expect(screen.getByRole('link', { current: 'page' }).textContent?.trim()).toBe('故障')
  })

  test('leads who may not look at devices to the settings only', async () => {
    await logInAs(hub, 'secadmin')
    render(Rail)
    expect(links()).toEqual([['设置', '/settings']])
  })

  test('speaks English', async () => {
    await logInAs(hub, 'operator')
    setLanguage('en')
    render(Rail)
    expect(screen.getByRole('link', { name: 'Outages' })).toBeTruthy()
    setLanguage('zh')
  })
})

test('every page of the table has one path, a title in both languages and a permission that exists', () => {
  expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length)
  for (const page of pages) expect([null, ...permissions]).toContain(page.permission)
  for (const language of ['zh', 'en'] as const)
    for (const { title } of railOf(() => true, 'overview', language)) expect(title).toMatch(/\S/)
})

describe('the page of an address', () => {
  test('that is none says so, and leads home', async () => {
    await logInAs(hub, 'operator')
    visit('/nowhere')
    render(Page)
    expect(screen.getByText('页面不存在')).toBeTruthy()
    expect(screen.getByRole('link', { name: '返回总览' }).getAttribute('href')).toBe('/')
    expect(document.title).toBe('页面不存在 · 数字衡阳设施中枢')
  })

  test('that the viewer may not see says which permission it takes', async () => {
    await logInAs(hub, 'secadmin')
    visit('/devices')
    render(Page)
    expect(screen.getByText('没有“查看”权限')).toBeTruthy()
    // Nobody is told to ask himself.
    expect(screen.getByText('安全管理员只管理用户（三员分立），此项由其他角色办理。')).toBeTruthy()
    expect(screen.queryByText(/请联系安全管理员/)).toBeNull()
    expect(document.title).toBe('设备 · 数字衡阳设施中枢')
  })

  test('that is home leads who may not see it to the first page that is theirs', async () => {
    hub.answers('users', { users: [], units: [] })
    await logInAs(hub, 'secadmin')
    visit('/')
    render(Page)
    expect(await screen.findByRole('heading', { level: 1, name: '设置' })).toBeTruthy()
    expect(address().page).toBe('settings')
  })

  test('that is loaded when first asked for comes', async () => {
    withoutWebGl()
    await logInAs(hub, 'operator')
    visit('/map')
    render(Page)
    expect(screen.getByRole('status', { name: '正在载入' })).toBeTruthy()
    expect(await screen.findByRole('heading', { level: 1, name: '地图' })).toBeTruthy()
  })
})

test('a page whose files are gone since the hub was updated says so and offers to reload', async () => {
  await logInAs(hub, 'operator')
  visit('/work')
  vi.spyOn(pages.find(({ path }) => path === 'work')!, 'load').mockRejectedValue(new TypeError('Failed to fetch'))
  render(Page)
  expect(await screen.findByText('“我的工作”载入失败')).toBeTruthy()
  expect(screen.getByRole('button', { name: '重新载入' })).toBeTruthy()
})

describe('the district that the console is narrowed to', () => {
  test('is one of those that the viewer may see', async () => {
    await logInAs(hub, 'operator', { districts: ['430426', '430405'] })
    visit('/map?at=112.6000%2C26.8900%2C13.00&state=down')
    render(Scope)
    const choice = screen.getByRole('combobox', { name: '区县范围' })
    expect(
      within(choice)
        .getAllByRole('option')
        .map(({ textContent }) => textContent),
    ).toEqual(['全市', '珠晖区', '祁东县'])
    await user.selectOptions(choice, '祁东县')
    // The map goes to the district: where it stood gives way, what it showed stays.
    expect(location.pathname + location.search).toBe('/map?district=430426&state=down')
    await user.selectOptions(choice, '全市')
    expect(address().district).toBeNull()
  })
})

test('the top bar has the rate of the whole city, also when the console is narrowed', async () => {
  await logInAs(hub, 'operator')
  hub.answers('overview', overview({ city: group('city', snapshot(96, 4)) }))
  await cityOverview.load()
  visit('/devices?district=430426')
  render(TopBar)
  const rate = screen.getByRole('link', { name: /96\.00/ })
  expect(rate.textContent).toContain('全市')
  expect(rate.getAttribute('href')).toBe('/')
  cityOverview.clear()
})

test('who may not look at devices has neither search nor district in the top bar', async () => {
  await logInAs(hub, 'secadmin')
  render(TopBar)
  expect(screen.queryByRole('combobox')).toBeNull()
  expect(screen.queryByRole('button', { name: /搜索/ })).toBeNull()
  await user.click(screen.getByTitle('English'))
  expect(screen.getByText('Digital Hengyang Device Hub')).toBeTruthy()
  setLanguage('zh')
})

test('the user menu says who, what they see and the way out', async () => {
  await logInAs(hub, 'operator', { districts: ['430426'] })
  hub.answers('logout', undefined)
  render(UserMenu)
  await user.click(screen.getByRole('button', { name: '用户：wang' }))
  expect(screen.getByText('运维员')).toBeTruthy()
  expect(screen.getByText('数据范围：祁东县')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: '修改密码' }))
  const dialog = within(screen.getByRole('dialog', { name: '修改密码' }))
  await user.type(dialog.getByLabelText('当前密码'), 'the old one')
  await user.type(dialog.getByLabelText(/^新密码/), 'correct horse')
  await user.type(dialog.getByLabelText('再次输入新密码'), 'correct house')
  await user.click(dialog.getByRole('button', { name: '修改密码' }))
  expect(textOf(dialog.getByRole('alert'))).toBe('两次输入的新密码不一致。')
  await user.clear(dialog.getByLabelText('再次输入新密码'))
  await user.type(dialog.getByLabelText('再次输入新密码'), 'correct horse')
  hub.refuses('changePassword', 400, '当前密码不对。')
  await user.click(dialog.getByRole('button', { name: '修改密码' }))
  await waitFor(() => expect(textOf(dialog.getByRole('alert'))).toBe('当前密码不对。'))
  hub.answers('changePassword', currentSession()!)
  await user.click(dialog.getByRole('button', { name: '修改密码' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(hub.asked('changePassword')[1]?.body).toEqual({ oldPassword: 'the old one', password: 'correct horse' })
  await user.click(screen.getByRole('button', { name: /^用户：/ }))
  await user.click(screen.getByRole('button', { name: '退出登录' }))
  await waitFor(() => expect(screen.queryByText('wang')).toBeNull())
})

describe('the search', () => {
  const open = async () => {
    await logInAs(hub, 'operator')
    hub.answers('devices', devicePage(Array.from({ length: 12 }, (_, n) => deviceRow(n + 1))))
    await devices.load()
    visit('/')
    render(Search)
    await user.keyboard('{Control>}k{/Control}')
    return screen.getByRole('combobox')
  }
  const options = () =>
    screen.queryAllByRole('option').map(({ textContent }) => textContent?.replace(/\s+/g, ' ').trim())

  test('opens with Ctrl K and finds districts and devices by a few letters', async () => {
    await user.type(await open(), '祁东')
    expect(options()).toEqual(['祁东县 区县 · 430426'])
    await user.keyboard('{Enter}')
    expect(address()).toMatchObject({ district: '430426', page: 'overview' })
  })

  test('goes through what it found with the arrows, round the ends', async () => {
    await user.type(await open(), '解放路 1')
    expect(options()).toHaveLength(4)
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{ArrowUp}')
    expect(screen.getByRole('option', { selected: true }).textContent).toContain('解放路 12 号球机')
    await user.keyboard('{Enter}')
    expect(address()).toMatchObject({ page: 'devices', device: deviceRow(12).id })
  })

  test('leads to the list when there is more than it shows', async () => {
    await user.type(await open(), '解放路')
    expect(options().at(-1)).toBe('在设备列表中查看全部 12 项')
    await user.click(screen.getByText('在设备列表中查看全部 12 项'))
    expect(location.pathname + location.search).toBe('/devices?search=%E8%A7%A3%E6%94%BE%E8%B7%AF')
  })

  test('says when nothing matches', async () => {
    await user.type(await open(), 'zzz')
    expect(screen.getByRole('status').textContent).toBe('没有匹配“zzz”的设备或区县')
    expect(options()).toEqual([])
  })
})

describe('the whole console', () => {
  const start = async (path: string) => {
    await logInAs(hub, 'operator')
    hub.answers('overview', overview())
    hub.answers('incidentCounts', { asOf: now, districts: [] })
    hub.answers('commissioning', commissioning(now, 20_000))
    hub.answers('devices', devicePage([deviceRow(1), deviceRow(2, { state: 'down' })]))
    visit(path)
    render(App)
    await waitFor(() => expect(hub.streams).toBe(1))
  }
  const snapshotOf = (state: 'up' | 'down') =>
    hub.send({
      event: 'snapshot',
      data: { seq: 1, asOf: now, ids: [deviceRow(1).id], states: [state], since: [now - 60_000] },
    })

  test('is live once the stream speaks, and shows what it says', async () => {
    await start('/devices')
    expect(screen.getByText('正在连接')).toBeTruthy()
    expect(await screen.findByText('解放路 1 号球机')).toBeTruthy()
    snapshotOf('down')
    expect(await screen.findByText(/^实时 ·/)).toBeTruthy()
    await waitFor(() =>
      expect(screen.getByRole('button', { name: /^离线/ }).textContent?.replace(/\s+/g, ' ')).toContain('2'),
    )
  })

  test.each([
    ['zh', '数据延迟 95 秒', '中枢进程曾被暂停或过载。', '截至 09:58:25', '数据即将追平'],
    [
      'en',
      'Data is 95 s behind',
      "The hub's process was stopped or overloaded.",
      'as of 09:58:25',
      'Data has nearly caught up',
    ],
  ] as const)(
    'says in %s by how much the hub is behind and why, what its figures are of, and goes by itself',
    async (language, by, why, asOf, nearly) => {
      vi.setSystemTime(now)
      await start('/')
      setLanguage(language)
      snapshotOf('up')
      const lag = (behindMs: number, since: number | null) =>
        hub.send({ event: 'lag', data: { at: now, behindMs, since, cause: since === null ? null : 'stalled' } })
      lag(95_000, now - 95_000)
      const banner = (await screen.findByText(by)).parentElement!
      expect(banner.textContent).toContain(why)
      expect(within(banner).getByRole('alert').textContent).not.toContain('95')
      expect(await screen.findByText(asOf)).toBeTruthy()
      expect(document.querySelector('[data-stale]')).toBeTruthy()
      lag(1_000, now - 95_000)
      expect(await screen.findByText(nearly)).toBeTruthy()
      lag(0, null)
      await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
      expect(document.querySelector('[data-stale]')).toBeNull()
    },
  )

  test('says no longer that the hub is behind once the hub does not say so again', async () => {
    vi.setSystemTime(now)
    await start('/devices')
    hub.send({ event: 'lag', data: { at: now, behindMs: 700_000, since: now, cause: 'silent' } })
    expect(await screen.findByText('数据延迟 11 分')).toBeTruthy()
    vi.setSystemTime(now + 16_000)
    await waitFor(() => expect(screen.queryByText(/^数据延迟/)).toBeNull(), { timeout: 5_000 })
  })

  test('says aloud when the stream has been silent for two heartbeats, and is live again when it speaks', async () => {
    await start('/devices')
    snapshotOf('up')
    await screen.findByText(/^实时 ·/)
    vi.setSystemTime(Date.now() + 31_000)
    expect((await screen.findByRole('alert')).textContent).toContain('实时连接中断')
    expect(screen.getByText(/^数据停滞/)).toBeTruthy()
    vi.setSystemTime(now)
    hub.send({ event: 'heartbeat', data: { at: now } })
    expect(await screen.findByText(/^实时 ·/)).toBeTruthy()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('opens a device in the drawer over the page, and Esc shuts it', async () => {
    const device = deviceRow(2, { state: 'down' })
    hub.answers('device', deviceDetail(device))
    hub.answers('intervals', ({ params }) => ({
      device: params.id ?? '',
      from: now - 86_400_000,
      to: now,
      asOf: now,
      intervals: [],
      totals: { up: 0, down: 0, unknown: 86_400_000, exempt: 0 },
      rate: null,
      adjusted: [],
    }))
    hub.answers('outages', { asOf: now, total: 0, down: 0, outages: [] })
    hub.answers('events', { device: device.id, asOf: now, events: [] })
    await start('/devices')
    await user.click(await screen.findByText(device.name))
    expect(await screen.findByRole('heading', { level: 2, name: device.name })).toBeTruthy()
    expect(address().device).toBe(device.id)
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('complementary', { name: '设备详情' })).toBeNull()
  })

  test('asks to log in again when the session has ended', async () => {
    await start('/devices')
    hub.refuses('overview', 401, '未登录')
    await cityOverview.load()
    expect((await screen.findByRole('alert')).textContent).toBe('会话已结束，请重新登录。')
    expect(document.title).toBe('数字衡阳设施中枢')
  })

  test('follows its own links without loading the page again', async () => {
    await start('/devices')
    await user.click(screen.getByRole('link', { name: '总览' }))
    expect(address().page).toBe('overview')
    expect(await screen.findByRole('region', { name: '在线率' })).toBeTruthy()
  })
})
