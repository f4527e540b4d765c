import type { DeviceRow } from '@hub/contracts'
import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test } from 'vitest'
import { address } from '../../router/router.svelte.ts'
import { devicePage as devices } from '../../shared/devices/registry.svelte.ts'
import { devicePage, deviceRow } from '../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../testing/hub.ts'
import { rowTexts, textOf } from '../../testing/read.ts'
import DevicesPage from './DevicesPage.svelte'

const hub = useHub()
const user = userEvent.setup()
const names = () =>
  rowTexts()
    .slice(1)
    .map((row) => /解放路 \d+ 号球机/.exec(row)?.[0])
const here = () => location.pathname + location.search
const row = (serial: number) => `解放路 ${serial} 号球机`

async function open(rows: DeviceRow[], path = '/devices'): Promise<void> {
  hub.answers('devices', devicePage(rows))
  await devices.load()
  visit(path)
  render(DevicesPage)
}

beforeEach(async () => {
  devices.clear()
  await logInAs(hub, 'operator')
})

describe('the list', () => {
  const three = [deviceRow(1), deviceRow(2, { state: 'down', carrier: 'mobile' }), deviceRow(3, { state: 'unknown' })]

  test('has problems first, each device with what it is', async () => {
    await open(three)
    expect(names()).toEqual([row(2), row(3), row(1)])
    expect(rowTexts()[1]).toMatch(
      /^离线 解放路 2 号球机 \d{20} 祁东县 平安城市 移动 摄像机 投用 1 小时 .* 10\.0\.0\.2$/,
    )
  })

  test('can be put in the order of codes, and the address says so', async () => {
    await open(three)
    await user.click(screen.getByRole('checkbox', { name: '问题优先' }))
    expect(names()).toEqual([row(1), row(2), row(3)])
    expect(here()).toBe('/devices?order=code')
  })

  test('is narrowed by state, by dimension and by a search, and cleared again', async () => {
    await open(three)
    await user.click(screen.getByRole('button', { name: /^离线/ }))
    expect(names()).toEqual([row(2)])
    expect(textOf(screen.getByRole('button', { name: /^离线/, pressed: true }))).toBe('离线 1')
    await user.click(screen.getByRole('button', { name: '运营商：全部' }))
    await user.click(screen.getByRole('checkbox', { name: '电信' }))
    expect(here()).toBe('/devices?state=down&carrier=telecom')
    expect(screen.getByText('没有符合条件的设备')).toBeTruthy()
    await user.click(screen.getAllByRole('button', { name: '清除筛选' })[0]!)
    expect(names()).toHaveLength(3)
    await user.type(screen.getByRole('searchbox'), '10.0.0.3')
    expect(names()).toEqual([row(3)])
    expect(screen.getByText('1 / 3 台')).toBeTruthy()
  })

  test('goes to the search with a slash', async () => {
    await open(three)
    await user.keyboard('/')
    expect(document.activeElement).toBe(screen.getByRole('searchbox'))
  })

  test('is walked with the arrows; Enter opens, Esc shuts', async () => {
    await open(three)
    screen.getByRole('grid').focus()
    await user.keyboard('{ArrowDown}{ArrowDown}')
    expect(textOf(screen.getByRole('row', { selected: true }))).toContain(row(3))
    expect(address().device).toBeNull()
    await user.keyboard('{Enter}')
    expect(address().device).toBe(three[2]?.id)
    await user.keyboard('{End}')
    expect(address().device).toBe(three[0]?.id)
    await user.keyboard('{Escape}')
    expect(address().device).toBeNull()
  })

  test('opens a device with a click', async () => {
    await open(three)
    await user.click(screen.getByText(row(1)))
    expect(here()).toBe(`/devices?device=${three[0]?.id}`)
  })

  test('draws only the rows in sight, and says how many there are', async () => {
    await open(Array.from({ length: 500 }, (_, n) => deviceRow(n + 1)))
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('501')
    expect(names().length).toBeLessThan(60)
    expect(screen.getByText('500 台')).toBeTruthy()
  })
})

describe('without a device', () => {
  test('the registry can be imported by who may', async () => {
    await logInAs(hub, 'sysadmin')
    await open([])
    expect(screen.getByText('还没有设备')).toBeTruthy()
    expect(screen.getByRole('link', { name: '导入档案' }).getAttribute('href')).toBe('/settings/registry')
  })

  test('who may not import is offered no import', async () => {
    await logInAs(hub, 'commander')
    await open([])
    expect(screen.getByText('还没有设备')).toBeTruthy()
    expect(screen.queryByRole('link', { name: '导入档案' })).toBeNull()
  })

  test('what could not be read says so and can be tried again', async () => {
    hub.refuses('devices', 503, '维护中。')
    await devices.load()
    visit('/devices')
    render(DevicesPage)
    expect(screen.getByRole('alert').textContent).toContain('维护中。')
    hub.answers('devices', devicePage([deviceRow(1)]))
    await user.click(screen.getByRole('button', { name: '重试' }))
    expect(await screen.findByText(row(1))).toBeTruthy()
  })
})
