import type { ChannelReport, DiscoveredRow, GatewayKey, RegistryImportResult, Rollout, UserRow } from '@hub/contracts'
import { minuteMs } from '@hub/core'
import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test } from 'vitest'
import { setLanguage } from '../../i18n/language.svelte.ts'
import { auditPage, commissioning, deviceId, found, gatewayId, gatewayRow, now } from '../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../testing/hub.ts'
import { linkTexts, rowTexts, textOf } from '../../testing/read.ts'
import Audit from './Audit.svelte'
import Channels from './Channels.svelte'
import CsvPair from './CsvPair.svelte'
import DeadLetters from './DeadLetters.svelte'
import Discovered from './Discovered.svelte'
import Gateways from './Gateways.svelte'
import ImportProgress from './ImportProgress.svelte'
import RolloutPart from './Rollout.svelte'
import SettingsPage from './SettingsPage.svelte'
import Sweeps from './Sweeps.svelte'
import Users from './Users.svelte'

const hub = useHub()
const user = userEvent.setup()
const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name })
const bar = (name: string | RegExp) => screen.getByRole('progressbar', { name })
const message = () => screen.getAllByRole('status').map(textOf).join('')

beforeEach(async () => {
  visit('/settings')
  await logInAs(hub, 'operator')
})

describe('the settings', () => {
  const tabs = () => within(screen.getByRole('navigation')).getAllByRole('link').map(textOf)

  test('have a tab for what the viewer may, the gateways first', async () => {
    hub.answers('gateways', [])
    render(SettingsPage)
    expect(tabs()).toEqual(['网关', '待审批', '建设比对', '档案', '拓扑', '通知渠道', '拒收'])
    expect(await screen.findByText('还没有网关')).toBeTruthy()
  })

  test('lead the security administrator straight to the users', async () => {
    await logInAs(hub, 'secadmin')
    hub.answers('users', { users: [], units: [] })
    render(SettingsPage)
    expect(tabs()).toEqual(['用户'])
    expect(await screen.findByText('新建用户')).toBeTruthy()
  })

  test('say which permission a tab takes that the viewer may not see', () => {
    visit('/settings/users')
    render(SettingsPage)
    expect(screen.getByText('没有“管理用户”权限')).toBeTruthy()
  })
})

describe('the keys of gateways', () => {
  const key = (state: GatewayKey['state'], letter: string): GatewayKey => ({
    key: letter.repeat(43),
    state,
    toldAt: now,
    pinnedAt: state === 'pinned' ? now : null,
    retiredAt: null,
    decidedBy: null,
    reason: null,
  })

  test('say which signs, and that another one waits for a person', async () => {
    await logInAs(hub, 'operator', { permissions: ['view', 'approve'] })
    hub.answers('gateways', [gatewayRow({ keys: [key('waiting', 'b'), key('pinned', 'a')] })])
    render(Gateways)
    await screen.findByText('新密钥待批准')
    expect(rowTexts()[1]).toContain('已登记 aaaaaaaa… 新密钥待批准')
    await user.click(button('处理新密钥'))
    const dialog = screen.getByRole('dialog', { name: '祁东网关 报出新的签名密钥' })
    expect(textOf(dialog)).toContain('b'.repeat(43))
    expect(button('批准新密钥').disabled).toBe(true)
    await user.type(within(dialog).getByRole('textbox'), '更换主机')
    hub.answers('decideGatewayKey', [key('pinned', 'b'), key('retired', 'a')])
    await user.click(button('批准新密钥'))
    await waitFor(() => expect(hub.asked('decideGatewayKey')).toHaveLength(1))
    expect(hub.asked('decideGatewayKey')[0]?.body).toEqual({
      key: 'b'.repeat(43),
      decision: 'approve',
      reason: '更换主机',
    })
  })

  test('are not for everybody to decide on', async () => {
    await logInAs(hub, 'commander', { permissions: ['view'] })
    hub.answers('gateways', [gatewayRow({ keys: [key('waiting', 'b'), key('pinned', 'a')] })])
    render(Gateways)
    await screen.findByText('新密钥待批准')
    expect(screen.queryByRole('button', { name: '处理新密钥' })).toBeNull()
  })
})

describe('the gateways', () => {
  test('say how each is, and one that has lost its own network is not online', async () => {
    hub.answers('gateways', [
      gatewayRow(),
      gatewayRow({ gateway: '43042600001180000002', name: '祁东二', blind: true, clockOffsetMs: -4_200 }),
      gatewayRow({
        gateway: '43042600001180000003',
        name: '祁东三',
        online: false,
        clockOffsetMs: null,
        spooled: 1_200,
      }),
    ])
    render(Gateways)
    await screen.findByText('祁东网关')
    const rows = rowTexts()
    expect(rows[1]).toMatch(/^在线 在线 祁东网关 \d{20} 祁东县 52 0 0 12 ms 未签名 0\.1\.0/)
    expect(rows[2]).toMatch(/^未知 自身断网 祁东二 .* −4200 ms/)
    expect(rows[3]).toMatch(/^离线 离线 祁东三 .* 1,200 0 — /)
    expect(screen.getAllByRole<HTMLButtonElement>('button').map(({ disabled }) => disabled)).toEqual([
      false,
      false,
      true,
    ])
  })

  test('look for devices on demand, and say what was found', async () => {
    hub.answers('gateways', [gatewayRow()])
    hub.answers('discover', { gateway: gatewayId, at: now, result: { found: 17 } })
    render(Gateways)
    await user.click(await screen.findByRole('button', { name: '立即发现' }))
    await waitFor(() => expect(message()).toBe('发现完成：17'))
  })

  test('say why they could not look', async () => {
    hub.answers('gateways', [gatewayRow()])
    hub.refuses('discover', 504, '网关没有应答。')
    render(Gateways)
    await user.click(await screen.findByRole('button', { name: '立即发现' }))
    await waitFor(() => expect(message()).toBe('网关没有应答。'))
  })

  test('offer nothing to who may not command', async () => {
    await logInAs(hub, 'commander', { permissions: ['view'] })
    hub.answers('gateways', [gatewayRow()])
    render(Gateways)
    await screen.findByText('祁东网关')
    expect(screen.queryByRole('button')).toBeNull()
  })
})

describe('a sweep', () => {
  const discovery = { asked: 120, toAsk: 500, found: 17, startedAt: now - minuteMs, endedAt: null }
  const shown = async (more: { endedAt?: number; toAsk?: number }) => {
    hub.answers('gateways', [gatewayRow({ discovery: { ...discovery, ...more } })])
    render(Sweeps, { onEnd: () => undefined })
    return textOf(await screen.findByRole('listitem'))
  }

  test('that runs says how far it is', async () => {
    expect(await shown({})).toBe('祁东网关：正在扫描 120 / 500 个地址，已知 17 台')
    expect(screen.getByRole('progressbar').getAttribute('value')).toBe('120')
  })
  test('that has ended says when', async () =>
    expect(await shown({ endedAt: now })).toMatch(/^祁东网关：.* 扫描完成，500 个地址，已知 17 台$/))
  test('by multicast has no addresses', async () =>
    expect(await shown({ endedAt: now, toAsk: 0 })).toMatch(/^祁东网关：.* 组播发现完成，已知 17 台$/))
})

describe('what discovery found', () => {
  const odd = found(3, {
    quarantine: 'xaddr-loopback',
    matches: null,
    matchedBy: undefined,
    unmatched: { reason: 'ambiguous', by: 'name', candidates: [] },
  })
  const open = async (rows: DiscoveredRow[]) => {
    hub.answers('gateways', [])
    hub.answers('discovered', rows)
    render(Discovered)
    await screen.findByRole('combobox', { name: '显示' })
  }

  test('says of each device why it waits and which record it matches', async () => {
    await open([found(1), odd, found(5, { moved: true, status: 'approved' })])
    const rows = rowTexts()
    expect(rows[1]).toMatch(/^新球机 1 10\.0\.0\.1 DS-2DC 新设备 \d{20} 按地址 .* 批准 拒绝$/)
    expect(rows[2]).toMatch(/^新球机 3 .* ▲ 服务地址指向本机 ▲ 多条档案相同（按名称） .* 核实后批准 拒绝$/)
    expect(rows[3]).toMatch(/▲ 地址已变更，需重新批准 .* 批准$/)
    expect(linkTexts()[0]).toEqual([deviceId(1), `/devices?device=${deviceId(1)}`])
  })

  test('takes a camera by its address, at the gateway that is to ask', async () => {
    hub.answers('gateways', [gatewayRow()])
    hub.answers('discovered', [])
    hub.answers('addCamera', { gateway: gatewayId, at: now, result: { endpoint: 'urn:uuid:9' } })
    render(Discovered)
    await user.click(await screen.findByRole('button', { name: '按地址添加…' }))
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: /设备服务地址/ })
    await user.clear(field)
    await user.type(field, 'http://10.8.1.20/onvif/device_service')
    await waitFor(() => expect(button('询问并列入').disabled).toBe(false))
    await user.click(button('询问并列入'))
    await waitFor(() => expect(message()).toContain('已应答：urn:uuid:9'))
    expect(hub.asked('addCamera')[0]?.body).toEqual({ xaddr: 'http://10.8.1.20/onvif/device_service' })
  })

  test('is approved together when nothing is wrong with it', async () => {
    await open([found(1), found(2), odd])
    expect(button('批准所选 0 台').disabled).toBe(true)
    await user.click(screen.getByRole('checkbox', { name: '选择全部可批量批准的设备' }))
    await user.click(screen.getByRole('checkbox', { name: '选择 新球机 3' }))
    hub.answers('approve', {
      approved: [deviceId(1)],
      refused: [{ endpoint: found(2).endpoint, problem: '档案已有设备' }],
    })
    await user.click(button('批准所选 2 台'))
    await waitFor(() => expect(message()).toContain('已批准 1 台，1 台未通过。'))
    expect(hub.asked('approve')[0]?.body).toEqual({
      approve: [{ endpoint: found(1).endpoint }, { endpoint: found(2).endpoint }],
    })
    expect(textOf(screen.getByRole('alert'))).toContain('档案已有设备')
  })

  test('is confirmed one by one when something is odd, with the record it belongs to', async () => {
    await open([odd])
    await user.click(button('核实后批准'))
    expect(textOf(screen.getByRole('dialog', { name: '核实这台设备' }))).toContain(
      '“新球机 3”因“服务地址指向本机”被隔离。',
    )
    await user.type(screen.getByRole('textbox'), deviceId(3))
    hub.answers('approve', { approved: [deviceId(3)], refused: [] })
    await user.click(button('批准'))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(hub.asked('approve')[0]?.body).toEqual({
      approve: [{ endpoint: odd.endpoint, device: deviceId(3), confirm: 'xaddr-loopback' }],
    })
  })

  test('is rejected for a reason', async () => {
    await open([found(1)])
    await user.click(button('拒绝'))
    await user.type(screen.getByLabelText('原因'), ' 不属本项目 ')
    hub.answers('reject', { rejected: [found(1).endpoint], refused: [] })
    await user.click(
      within(screen.getByRole('dialog', { name: '拒绝 1 台设备' })).getByRole('button', { name: '拒绝' }),
    )
    await waitFor(() => expect(message()).toContain('已拒绝 1 台，0 台未通过。'))
    expect(hub.asked('reject')[0]?.body).toEqual({ reject: [{ endpoint: found(1).endpoint, reason: '不属本项目' }] })
  })

  test('and was rejected says by whom, and can still be approved', async () => {
    await open([found(1, { status: 'rejected', rejection: { at: now, actor: 'li', reason: '重复' } })])
    expect(screen.getByText('没有待审批的设备')).toBeTruthy()
    await user.selectOptions(screen.getByRole('combobox', { name: '显示' }), '已拒绝 1')
    expect(rowTexts()[1]).toMatch(/重复 li · .* 改为批准$/)
  })

  test('is only read by who may not change the registry', async () => {
    await logInAs(hub, 'commander', { permissions: ['view'] })
    await open([found(1)])
    expect(screen.queryByRole('checkbox')).toBeNull()
    expect(screen.queryByRole('button')).toBeNull()
  })

  test('says what the hub refused altogether', async () => {
    await open([found(1)])
    await user.click(screen.getByRole('checkbox', { name: '选择 新球机 1' }))
    hub.refuses('approve', 409, '正在导入档案。')
    await user.click(button('批准所选 1 台'))
    await waitFor(() => expect(message()).toContain('正在导入档案。'))
  })
})

describe('the rollout', () => {
  beforeEach(() => hub.answers('commissioning', commissioning(now, 20_000)))
  const counts = { planned: 100, approved: 90, matched: 4, missing: 6 }
  const rollout = (list: Rollout['list'], rows: Rollout['rows'] = []): Rollout => ({
    asOf: now,
    counts: { ...counts, unplanned: 2 },
    by: { address: 88, name: 6 },
    districts: [{ key: '430426', ...counts }],
    carriers: [{ key: 'telecom', ...counts }],
    list,
    total: rows.length,
    rows,
  })
  const planned = {
    id: deviceId(1),
    name: '解放路 1 号球机',
    district: '430426',
    carrier: 'telecom',
    stage: 'planned',
    ipAddress: null,
  } as const

  test('lists what is missing, and how far each district and carrier is', async () => {
    hub.answers('rollout', rollout('missing', [{ device: planned, found: null, by: null, unmatched: null }]))
    visit('/settings/rollout?district=430426')
    render(RolloutPart)
    expect(await screen.findByText('匹配依据：按地址 88 · 按名称 6')).toBeTruthy()
    expect(button(/未发现/).getAttribute('aria-pressed')).toBe('true')
    expect(rowTexts()).toContain(`解放路 1 号球机 ${deviceId(1)} 祁东县 电信 规划 —`)
    expect(rowTexts()).toContain('祁东县 100 90 4 6')
    expect(rowTexts()).toContain('电信 100 90 4 6')
    expect(hub.asked('rollout')[0]?.query).toMatchObject({ list: 'missing', district: ['430426'] })
  })

  test('lists what nobody planned, with why, and who else it may be', async () => {
    hub.answers('rollout', ({ query }) => {
      const { status, matches, matchedBy, ...device } = found(3)
      return query.list === 'unplanned'
        ? rollout('unplanned', [
            {
              device: null,
              found: device,
              by: null,
              unmatched: { reason: 'ambiguous', by: 'name', candidates: [deviceId(8)] },
            },
          ])
        : rollout('missing')
    })
    render(RolloutPart)
    expect(await screen.findByText('档案中的设备均已发现')).toBeTruthy()
    await user.click(button(/计划外/))
    await waitFor(() =>
      expect(rowTexts()[1]).toContain(`新球机 3 10.0.0.3 DS-2DC 多条档案相同（按名称） ${deviceId(8)}`),
    )
    expect(screen.getByRole<HTMLSelectElement>('combobox').disabled).toBe(true)
    expect(screen.getByRole('link', { name: '导出 CSV' }).getAttribute('href')).toBe(
      '/api/v1/rollout.csv?list=unplanned',
    )
  })

  test('is searched when the typing has settled', async () => {
    hub.answers('rollout', rollout('missing'))
    render(RolloutPart)
    await user.type(await screen.findByRole('searchbox'), '解放路')
    await waitFor(() => expect(hub.asked('rollout').at(-1)?.query).toMatchObject({ search: '解放路' }))
    expect(hub.asked('rollout').length).toBeLessThan(4)
  })
})

describe('a table in and out as a file', () => {
  const imported: RegistryImportResult = {
    file: { format: 'csv', encoding: 'utf-8', separator: ',', lines: 1, heading: 1, blank: 0 },
    created: 0,
    unchanged: 0,
    changed: [],
    held: [],
    waiting: 0,
    refused: [],
    missing: [],
  }

  test('says of each row that did not enter why', async () => {
    hub.answers('commissioning', commissioning(now, 0))
    hub.answers('importDevices', {
      ...imported,
      file: { ...imported.file, encoding: 'gb18030', separator: ';', lines: 20, blank: 3 },
      created: 12,
      unchanged: 2,
      waiting: 1,
      changed: [{ row: 9, device: deviceId(1), fields: ['Carrier', 'Stage'] }],
      held: [
        {
          row: 11,
          device: '43040500001320000001',
          from: 1,
          to: 2,
          due: false,
          adjustment: '7b0f3a52-5f0e-4d6c-9a6b-0d2f6f3a9c11',
        },
      ],
      refused: [{ row: 7, field: 'Longitude', message: '经度须在 -180 至 180 之间。' }],
      missing: [deviceId(99)],
    })
    render(CsvPair, { table: 'registry' })
    await user.upload(screen.getByLabelText('选择文件'), new File(['DeviceID\n'], 'devices.csv', { type: 'text/csv' }))
    await waitFor(() => expect(message()).toBe('devices.csv 新增 12，变更 1，未变 2，拒绝 1，文件中缺少 1'))
    expect(hub.asked('importDevices')[0]?.body).toBe('DeviceID\n')
    expect(rowTexts()[1]).toBe('7 Longitude 经度须在 -180 至 180 之间。')
    expect(screen.getByText('共 20 行：表头 1，空行 3；按 CSV · GB18030 · ; 读取。')).toBeTruthy()
    expect(rowTexts()).toContain(`9 ${deviceId(1)} Carrier, Stage`)
    expect(screen.getByText('在档但文件中没有的设备 1 台（未删除）')).toBeTruthy()
    expect(screen.getByText(deviceId(99))).toBeTruthy()
    expect(linkTexts()).toContainEqual(['导出 .xlsx', '/api/v1/registry.xlsx'])
    expect(linkTexts()).toContainEqual(['导出 CSV', '/api/v1/registry.csv'])
    expect(linkTexts()).toContainEqual(['1 项改变过去，未写入：已提交档案补正，待另一人批准', '/reports/adjustments'])
  })

  test('says in which system the coordinates are, when that was chosen', async () => {
    hub.answers('commissioning', commissioning(now, 0))
    hub.answers('importDevices', imported)
    render(CsvPair, { table: 'registry' })
    await user.selectOptions(screen.getByLabelText('经纬度坐标系'), 'GCJ-02')
    await user.upload(screen.getByLabelText('选择文件'), new File(['PK'], 'a.xlsx'))
    await waitFor(() => expect(message()).toContain('a.xlsx 新增 0'))
    expect(hub.asked('importDevices')[0]?.query).toEqual({ coordinates: 'GCJ-02' })
  })

  test('says on its way what was sent and how many rows entered', async () => {
    const sent = (bytes: number) => ({ bytes, of: 9_400_000 })
    const { rerender } = render(ImportProgress, { sent: sent(4_700_000), rows: 20_000, gained: 0 })
    expect(bar(/^正在发送：4\.7\sMB \/ 9\.4\sMB$/).getAttribute('value')).toBe('4700000')
    await rerender({ sent: sent(9_400_000), rows: 20_000, gained: 0 })
    expect(bar(/^文件已送达，中枢正在逐行核对与写入/).hasAttribute('value')).toBe(false)
    await rerender({ sent: sent(9_400_000), rows: 20_000, gained: 5_000 })
    expect(bar(/^正在入档：新增 5,000 行，文件共 20,000 行/).getAttribute('value')).toBe('5000')
    setLanguage('en')
    await rerender({ sent: sent(9_400_000), rows: 20_000, gained: 5_000 })
    expect(bar(/^Entering: 5,000 new of 20,000 rows in the file/)).toBeTruthy()
  })

  test('enters all the same when the record cannot be counted', async () => {
    hub.refuses('commissioning', 503, '记录库忙。')
    hub.answers('importDevices', { ...imported, created: 1 })
    render(CsvPair, { table: 'registry' })
    await user.upload(screen.getByLabelText('选择文件'), new File(['DeviceID\n1\n'], 'x.csv', { type: 'text/csv' }))
    await waitFor(() => expect(message()).toBe('x.csv 新增 1，变更 0，未变 0，拒绝 0，文件中缺少 0'))
  })

  test('says when a file was refused whole', async () => {
    hub.refuses('importTopology', 400, '表头不认识。')
    render(CsvPair, { table: 'topology' })
    await user.upload(screen.getByLabelText('选择文件'), new File(['x\n'], 'x.csv', { type: 'text/csv' }))
    expect((await screen.findByRole('alert')).textContent).toBe('表头不认识。')
  })

  test('can only be read by who may not change the registry', async () => {
    await logInAs(hub, 'commander', { permissions: ['view'] })
    render(CsvPair, { table: 'registry' })
    expect(screen.queryByLabelText('选择文件')).toBeNull()
    expect(screen.getByText(/没有“管理档案”权限/)).toBeTruthy()
    expect(screen.getByRole('link', { name: '导出 CSV' })).toBeTruthy()
  })
})

describe('the channels', () => {
  const report = (more: Partial<ChannelReport> = {}): ChannelReport => ({
    asOf: now,
    channels: [
      {
        id: 'duty',
        kind: 'wecom',
        name: '值班群',
        target: 'https://qyapi…',
        languages: 'zh',
        lastSentAt: null,
        lastProblem: '超时',
        waiting: 2,
        dead: 1,
      },
    ],
    notifications: [
      {
        id: 9,
        channel: 'duty',
        subject: '交换机 QD-03 失联',
        outage: 'o-1',
        workOrder: null,
        status: 'dead',
        attempts: 5,
        createdAt: now,
        sentAt: null,
        problem: '超时',
      },
    ],
    ...more,
  })

  test('say where notifications go and which did not arrive', async () => {
    hub.answers('channels', report())
    render(Channels)
    await screen.findByRole('region', { name: '最近的通知' })
    expect(rowTexts()).toContain('值班群 企业微信 https://qyapi… 中文 2 1 — 超时 发送测试')
    expect(rowTexts().at(-1)).toMatch(/^未送达 .* 交换机 QD-03 失联 值班群 5 超时$/)
    expect(linkTexts()).toEqual([['交换机 QD-03 失联', '/outages/o-1']])
  })

  test.each([
    [{ sent: true, problem: null, ms: 412.4 }, '已送达，用时 412 毫秒。'],
    [{ sent: false, problem: 'HTTP 403', ms: 12 }, '未送达：HTTP 403'],
  ])('are tested, and say how that went', async (result, said) => {
    hub.answers('channels', report())
    hub.answers('testChannel', result)
    render(Channels)
    await user.click(await screen.findByRole('button', { name: '发送测试' }))
    await waitFor(() => expect(message()).toBe(said))
    expect(hub.asked('testChannel')[0]?.params).toEqual({ id: 'duty' })
  })

  test('may be none, and nothing sent', async () => {
    hub.answers('channels', report({ channels: [], notifications: [] }))
    render(Channels)
    expect(await screen.findByText('还没有通知渠道')).toBeTruthy()
    expect(screen.getByText('还没有发出过通知。')).toBeTruthy()
  })
})

describe('the users', () => {
  const good = { disabled: false, lockedUntil: null, mustChangePassword: false }
  const li: UserRow = { user: 'li', role: 'contractor', districts: ['430426'], unit: '甲公司', ...good }
  const zhou: UserRow = { user: 'zhou', role: 'operator', districts: 'city', unit: null, ...good }
  const own: UserRow = { user: 'wang', role: 'secadmin', districts: 'city', unit: null, ...good }
  const open = async (users: UserRow[] = [li, zhou, own]) => {
    await logInAs(hub, 'secadmin')
    hub.answers('users', { users, units: ['甲公司', '乙公司'] })
    render(Users)
    await screen.findByRole('cell', { name: 'wang' })
  }
  const dialog = () => within(screen.getByRole('dialog'))
  const ofRow = (name: string) => within(screen.getByRole('cell', { name }).closest('tr')!)

  test('are listed with what they see, and whether they may log in', async () => {
    await open([
      li,
      { ...zhou, disabled: true },
      { ...zhou, user: 'he', lockedUntil: now + minuteMs },
      { ...zhou, user: 'du', mustChangePassword: true },
      own,
    ])
    expect(rowTexts()[1]).toBe('li 施工单位 祁东县 甲公司 正常 变更 重置密码 停用')
    expect(rowTexts()[2]).toBe('zhou 运维员 全市 已停用 变更 重置密码 启用')
    expect(rowTexts()[3]).toMatch(/^he 运维员 全市 锁定至 .* 变更 重置密码 停用 解除锁定$/)
    expect(rowTexts()[4]).toContain('待首次修改密码')
    expect(rowTexts()[5]).toBe('wang 安全管理员 全市 正常 本人账号由另一名安全管理员管理；密码可在右上角修改')
  })

  test('of a repairing unit can be given another, another role, other districts', async () => {
    await open()
    hub.answers('changeUser', { ...li, unit: '乙公司' })
    await user.click(ofRow('li').getByRole('button', { name: '变更' }))
    const unit = dialog().getByRole('combobox', { name: '所属单位' })
    await user.clear(unit)
    await user.type(unit, '乙公司')
    await user.selectOptions(dialog().getByLabelText('角色'), '指挥员')
    await user.click(dialog().getByRole('checkbox', { name: '珠晖区' }))
    await user.click(dialog().getByRole('button', { name: '保存' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    const { params, body } = hub.asked('changeUser')[0]!
    expect(params).toEqual({ user: 'li' })
    expect(body).toEqual({ role: 'commander', unit: '乙公司', districts: ['430405', '430426'] })
  })

  test('that cannot be changed say why, and the dialog stays', async () => {
    await open()
    hub.refuses('changeUser', 409, '用户 zhou：是最后一名可登录的安全管理员')
    await user.click(ofRow('zhou').getByRole('button', { name: '变更' }))
    await user.click(dialog().getByRole('button', { name: '保存' }))
    await waitFor(() => expect(textOf(dialog().getByRole('alert'))).toContain('最后一名可登录的安全管理员'))
  })

  test('get a random password to read out, are disabled, enabled, unlocked', async () => {
    await open([{ ...zhou, lockedUntil: now + minuteMs }, li, own])
    hub.answers('resetPassword', zhou)
    await user.click(ofRow('zhou').getByRole('button', { name: '重置密码' }))
    const { value } = dialog().getByLabelText<HTMLInputElement>('首次登录密码')
    expect(value).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/)
    await user.click(dialog().getByRole('button', { name: '重置密码' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(hub.asked('resetPassword')[0]).toMatchObject({ params: { user: 'zhou' }, body: { password: value } })

    hub.answers('unlockUser', zhou)
    await user.click(ofRow('zhou').getByRole('button', { name: '解除锁定' }))
    await waitFor(() => expect(hub.asked('unlockUser')).toHaveLength(1))
    hub.answers('changeUser', { ...li, disabled: true })
    await user.click(ofRow('li').getByRole('button', { name: '停用' }))
    await waitFor(() => expect(hub.asked('changeUser')[0]?.body).toEqual({ disabled: true }))
  })

  test('a new one sees the whole city, or the districts that are named', async () => {
    await open()
    hub.answers('createUser', undefined)
    await user.type(screen.getByLabelText(/^用户名/), 'zhao')
    const password = screen.getByLabelText<HTMLInputElement>(/^首次登录密码/)
    expect(password.value).toHaveLength(19)
    await user.clear(password)
    await user.type(password, 'correct horse')
    await user.selectOptions(screen.getByLabelText(/^角色/), '施工单位')
    await user.type(screen.getByRole('combobox', { name: /^所属单位/ }), '甲公司')
    await user.click(screen.getByRole('radio', { name: '指定区县' }))
    expect(button('创建').disabled).toBe(true)
    await user.click(screen.getByRole('checkbox', { name: '祁东县' }))
    await user.click(button('创建'))
    await waitFor(() => expect(message()).toBe('用户 zhao 已创建。'))
    expect(hub.asked('createUser')[0]?.body).toEqual({
      user: 'zhao',
      password: 'correct horse',
      role: 'contractor',
      districts: ['430426'],
      unit: '甲公司',
    })
    expect(password.value).toMatch(/^[a-z2-9-]{19}$/)
  })

  test('that the hub refused keeps what was typed', async () => {
    await open()
    hub.refuses('createUser', 409, '用户已存在。')
    await user.type(screen.getByLabelText(/^用户名/), 'wang')
    await user.click(button('创建'))
    await waitFor(() => expect(message()).toBe('用户已存在。'))
    expect(screen.getByLabelText<HTMLInputElement>(/^用户名/).value).toBe('wang')
  })
})

describe('what was refused', () => {
  const letter = (id: number, source: string, reason: string, text: string) => ({
    id,
    at: now,
    source,
    reason,
    bytes: text.length,
    text,
  })
  beforeEach(() => logInAs(hub, 'operator'))

  test('is shown with where it came from and why, and earlier ones on demand', async () => {
    const device = deviceId(7)
    hub.answers('deadLetters', ({ query }) =>
      query.before === undefined
        ? {
            asOf: now,
            letters: [letter(9, `field/v1/${device}/telemetry`, 'values.pm25: must be a number', '{"pm25":NaN}')],
            next: 9,
          }
        : { asOf: now, letters: [letter(8, 'history/telemetry', 'HTTP 500', '{}')], next: null },
    )
    render(DeadLetters)
    expect(await screen.findByText('values.pm25: must be a number')).toBeTruthy()
    expect(screen.getByRole('link', { name: device }).getAttribute('href')).toContain(device)
    await user.click(screen.getByRole('button', { name: '更早的消息' }))
    await waitFor(() => expect(rowTexts()[2]).toMatch(/ 历史库 telemetry HTTP 500 2 /))
    expect(screen.queryByRole('button')).toBeNull()
  })

  test('may be nothing', async () => {
    hub.answers('deadLetters', { asOf: now, letters: [], next: null })
    render(DeadLetters)
    expect(await screen.findByText('没有拒收的消息')).toBeTruthy()
  })
})

describe('the audit', () => {
  const line = (id: number, action: string, detail: Record<string, string> = {}) => ({
    id,
    at: now,
    actor: 'wang',
    action,
    subject: 'o-17',
    detail,
    hash: 'a'.repeat(64),
  })

  beforeEach(() => logInAs(hub, 'auditor'))

  test('says who did what, and that the log is whole', async () => {
    hub.answers('audit', auditPage([line(2, 'session.open'), line(1, 'something.new', { from: '', to: 'x' })]))
    render(Audit)
    expect(await screen.findByText('记录完整')).toBeTruthy()
    expect(rowTexts()[1]).toMatch(/^2 .* wang 登录 o-17$/)
    // What this console does not know keeps its own name.
    expect(rowTexts()[2]).toMatch(/^1 .* wang something\.new o-17/)
  })

  test('says aloud from which line on the log does not hold', async () => {
    const chain = { whole: false, brokenAt: 2, checkedAt: now, anchor: null }
    hub.answers('audit', auditPage([line(2, 'session.open')], { chain }))
    render(Audit)
    expect(textOf(await screen.findByRole('alert'))).toMatch(/^记录不完整 .* 核对：第 2 条起，有记录被改动/)
  })

  test('brings older lines on demand', async () => {
    hub.answers('audit', ({ query }) =>
      query.before === undefined
        ? auditPage([line(9, 'session.open')], { next: 9 })
        : auditPage([line(8, 'session.open')]),
    )
    render(Audit)
    await user.click(await screen.findByRole('button', { name: '更早的记录' }))
    await waitFor(() =>
      expect(
        rowTexts()
          .slice(1)
          .map((row) => row[0]),
      ).toEqual(['9', '8']),
    )
    expect(screen.queryByRole('button')).toBeNull()
  })

  test('is narrowed to an actor, an action and a subject', async () => {
    hub.answers('audit', auditPage())
    render(Audit)
    await user.type(await screen.findByLabelText('操作人（完整用户名）'), 'li')
    await user.selectOptions(screen.getByRole('combobox', { name: '操作' }), '登录')
    await waitFor(() => expect(hub.asked('audit').at(-1)?.query).toMatchObject({ actor: 'li', action: 'session.open' }))
    expect(await screen.findByText('没有符合条件的记录')).toBeTruthy()
  })
})
