import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import { address } from '../../router/router.svelte.ts'
import { devicePage as devices } from '../../shared/devices/registry.svelte.ts'
import { devicePage, deviceRow } from '../../testing/examples.ts'
import { useHub, visit } from '../../testing/hub.ts'
import { textOf, withoutWebGl } from '../../testing/read.ts'
import LayerTree from './LayerTree.svelte'
import MapPage from './MapPage.svelte'
import SelectionList from './SelectionList.svelte'

const hub = useHub()
const user = userEvent.setup()
const placed = (serial: number, state: 'up' | 'down' = 'up') => ({
  ...deviceRow(serial, { state }),
  longitude: 112.6,
  latitude: 26.9,
})
const layers = () => ({
  counts: { up: 40, degraded: 1, down: 4, unknown: 2 },
  byApplication: { 'safe-city': 30, traffic: 17 },
  showRates: true,
  opacity: 0.9,
})

beforeEach(() => {
  withoutWebGl()
  devices.clear()
  visit('/map')
})

test('where the browser cannot draw the map, the same devices stand beside it', async () => {
  hub.answers('devices', devicePage([deviceRow(1), deviceRow(2, { state: 'down' }), deviceRow(3, { longitude: null })]))
  await devices.load()
  render(MapPage)
  expect((await screen.findByRole('alert')).textContent).toContain('地图无法显示')
  expect(screen.getByRole('heading', { name: '视野内 2 台' })).toBeTruthy()
  expect(screen.getByText('另有 1 台没有坐标')).toBeTruthy()
  expect(screen.getAllByRole('listitem').map(textOf).at(-1)).toContain('解放路 1 号球机')
})

test('a list that could not be read says so', async () => {
  hub.refuses('devices', 503, '维护中。')
  await devices.load()
  render(MapPage)
  expect(await screen.findByText(/“设备列表”载入失败/)).toBeTruthy()
})

test('the layers count what is drawn, and taking one away names the others', async () => {
  render(LayerTree, layers())
  expect(textOf(screen.getByRole('checkbox', { name: /^离线/ }).parentElement)).toBe('离线 4')
  await user.click(screen.getByRole('checkbox', { name: /^未知/ }))
  expect(location.search).toBe('?state=down&state=degraded&state=up')
  await user.click(screen.getByRole('checkbox', { name: /^未知/ }))
  expect(location.search).toBe('')
  await user.click(screen.getByRole('checkbox', { name: /^智能交通/ }))
  expect(new URLSearchParams(location.search).getAll('application')).toEqual([
    'safe-city',
    'urban',
    'emergency',
    'environment',
  ])
})

test('how opaque the districts are means nothing while they are not drawn', async () => {
  render(LayerTree, layers())
  expect(screen.getByRole<HTMLInputElement>('slider').disabled).toBe(false)
  await user.click(screen.getByRole('checkbox', { name: '区县在线率' }))
  expect(screen.getByRole<HTMLInputElement>('slider').disabled).toBe(true)
})

test('what the map shows is a list that leads to the drawer', async () => {
  render(SelectionList, { devices: [placed(1, 'down'), placed(2)], unplaced: 0, loading: false })
  await user.click(screen.getByRole('button', { name: /解放路 1 号球机/ }))
  expect(address().device).toBe(placed(1).id)
  expect(screen.getByRole('button', { current: true }).textContent).toContain('解放路 1 号球机')
})

test('an empty view says what to do, and one that is loading says so', async () => {
  const { rerender } = render(SelectionList, { devices: [], unplaced: 0, loading: true })
  expect(screen.getByRole('status', { name: '正在载入' })).toBeTruthy()
  await rerender({ devices: [], unplaced: 0, loading: false })
  expect(screen.getByText('缩小地图，或打开左侧的图层。')).toBeTruthy()
})
