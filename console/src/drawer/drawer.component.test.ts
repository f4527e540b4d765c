import { generateKeyPairSync, sign } from 'node:crypto'
import {
  type DeviceExplanation,
  type DeviceIntervals,
  type DeviceObservations,
  type Explanation,
  type SealedBatch,
  type SensorExplanation,
  sealedBatchText,
  type TelemetryAnswer,
} from '@hub/contracts'
import { dayMs, daySpan, hourMs, minuteMs } from '@hub/core'
import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { address } from '../router/router.svelte.ts'
import {
  answered,
  deviceDetail,
  deviceId,
  deviceRow,
  gatewayId,
  interval,
  now,
  outageRow,
  probe,
  refused,
  scorecard,
  uuid,
} from '../testing/examples.ts'
import { logInAs, useHub, visit } from '../testing/hub.ts'
import { rowTexts, textOf } from '../testing/read.ts'
import Actions from './Actions.svelte'
import Batches from './Batches.svelte'
import Days from './Days.svelte'
import DeviceDrawer from './DeviceDrawer.svelte'
import Differences from './Differences.svelte'
import DrawerHead from './DrawerHead.svelte'
import Events from './Events.svelte'
import Exchanges from './Exchanges.svelte'
import Explain from './Explain.svelte'
import Identity from './Identity.svelte'
import IntervalList from './IntervalList.svelte'
import Measure from './Measure.svelte'
import Observations from './Observations.svelte'
import Outages from './Outages.svelte'
import Packs from './Packs.svelte'
import Probes from './Probes.svelte'
import RecordFields from './RecordFields.svelte'
import Remarks from './Remarks.svelte'
import SpanPart from './SpanPart.svelte'
import Strip from './Strip.svelte'
import Telemetry from './Telemetry.svelte'
import Timeline from './Timeline.svelte'
import TimeTotals from './TimeTotals.svelte'

const hub = useHub()
const user = userEvent.setup()
const device = deviceRow(1)
const totals = { up: 20 * hourMs, down: 4 * hourMs, unknown: 0, exempt: 0 }
const intervals = (more: Partial<DeviceIntervals> = {}): DeviceIntervals => ({
  device: device.id,
  from: now - dayMs,
  to: now,
  asOf: now,
  intervals: [
    interval(now - dayMs, now - 5 * hourMs, 'up'),
    interval(now - 5 * hourMs, now - hourMs, 'down'),
    interval(now - hourMs, null, 'up'),
  ],
  totals,
  rate: 20 / 24,
  rateText: '83.33 %',
  adjusted: [],
  ...more,
})
const exempted = {
  from: now - 3 * hourMs,
  to: now - 2 * hourMs,
  countAs: 'exempt',
  adjustment: uuid(7),
  kind: 'exemption',
  reason: '市政停电检修',
} as const

beforeEach(() => visit('/devices'))

describe('the head', () => {
  test('says what it is, how it is and why', () => {
    const down = deviceRow(1, { state: 'down', since: now - 2 * hourMs, ipAddress: null })
    render(DrawerHead, { detail: deviceDetail(down, { rule: refused }) })
    expect(screen.getByRole('heading', { name: down.name })).toBeTruthy()
    expect(screen.getByText(/^判定依据/).parentElement?.textContent).toContain(
      '连续 3 次探测在“网络可达”失败：连接被拒绝',
    )
    expect(screen.getByText(/^自 .* 起，已 2 小时/)).toBeTruthy()
    const facts = screen.getAllByRole('definition').map(textOf)
    expect(facts).toEqual(['祁东县', '平安城市', '电信', '投用', '—', '…000001 在线'])
  })

  test.each([
    [null, '未分配网关'],
    [{ id: gatewayId, online: false, lastSeenAt: null }, '…000001 离线，最后通信 —'],
  ])('says how its gateway is', (gateway, said) => {
    render(DrawerHead, { detail: deviceDetail(device, { gateway }) })
    expect(textOf(screen.getAllByRole('definition').at(-1))).toBe(said)
  })
})

describe('its time', () => {
  test('each piece of the strip says its state and how long, and leads into itself', () => {
    render(Strip, { data: intervals({ adjusted: [exempted] }), label: '近 24 小时' })
    const links = within(screen.getByRole('group', { name: '近 24 小时' })).getAllByRole('link')
    expect(links.map((link) => link.getAttribute('aria-label')?.replace(/ .*（/, '（'))).toEqual([
      '在线（19 小时）',
      '离线（4 小时）；豁免：市政停电检修',
      '在线（1 小时）',
    ])
    expect(links[1]?.getAttribute('href')).toBe('/devices')
  })

  test('the strip is one stop of Tab; the arrows go from piece to piece', async () => {
    render(Strip, { data: intervals(), label: '近 24 小时' })
    const links = screen.getAllByRole('link')
    await user.tab()
    expect(document.activeElement).toBe(links[2])
    await user.keyboard('{ArrowLeft}{ArrowLeft}')
    expect(document.activeElement).toBe(links[0])
    await user.keyboard('{End}')
    expect(links.map(({ tabIndex }) => tabIndex)).toEqual([-1, -1, 0])
  })

  test('totals leave out what did not happen', () => {
    const { container } = render(TimeTotals, { totals })
    expect(textOf(container)).toBe('在线 20 小时 离线 4 小时')
  })

  test('the last 24 hours have their rate', async () => {
    hub.answers('intervals', intervals())
    render(Timeline, { id: device.id, asOf: now })
    expect(await screen.findByText(/83\.33/)).toBeTruthy()
    expect(screen.getAllByRole('link')).toHaveLength(3)
  })

  test('the last 24 hours may have no record', async () => {
    hub.answers('intervals', intervals({ intervals: [], rate: null }))
    render(Timeline, { id: device.id, asOf: now })
    expect(await screen.findByText('近 24 小时没有记录')).toBeTruthy()
  })

  test('the last 24 hours say when they cannot be read', async () => {
    hub.refuses('intervals', 503, '维护中。')
    render(Timeline, { id: device.id, asOf: now })
    expect((await screen.findByRole('alert')).textContent).toContain('“近 24 小时”载入失败')
  })

  test('each of thirty days says how it was, and the chosen one is marked', () => {
    const span = daySpan(Date.parse('2026-11-21T12:00:00+08:00'))
    visit(`/devices?device=${device.id}&span=${span.from}-${span.to}`)
    render(Days, {
      days: [
        { day: '2026-11-20', up: 80_000, down: 6_400, unknown: 0, exempt: 0 },
        { day: '2026-11-21', up: 86_400, down: 0, unknown: 0, exempt: 0 },
      ],
    })
    const [first, second] = screen.getAllByRole('link')
    expect(first?.getAttribute('aria-label')).toBe(
      '2026-11-20：在线 22 小时 13 分，离线 1 小时 46 分，未知 0 秒，豁免 0 秒',
    )
    expect(screen.getByRole('link', { current: true })).toBe(second)
    expect(first?.getAttribute('href')).toContain(`span=${span.from - dayMs}-${span.from}`)
  })

  test('a new device has no days yet', () => {
    render(Days, { days: [] })
    expect(screen.getByText('尚无按天统计')).toBeTruthy()
  })

  test('every interval says why, and what counts instead of it leads to its adjustment', () => {
    visit(`/devices?district=430426&device=${device.id}`)
    render(IntervalList, { data: intervals({ adjusted: [exempted] }) })
    const links = screen.getAllByRole('link')
    expect(links[0]?.getAttribute('href')).toBe(`/reports/adjustments?district=430426&row=${uuid(7)}`)
    expect(screen.getByText('市政停电检修')).toBeTruthy()
    expect(screen.getByText(/连续 3 次探测在“网络可达”失败/)).toBeTruthy()
    expect(links[2]?.getAttribute('href')).toContain(`span=${now - 5 * hourMs}-${now - hourMs}`)
  })

  test('twenty intervals are shown first, and the rest on demand', async () => {
    const many = Array.from({ length: 26 }, (_, n) =>
      interval(now - dayMs + n * minuteMs, now - dayMs + (n + 1) * minuteMs, n % 2 ? 'down' : 'up'),
    )
    render(IntervalList, { data: intervals({ intervals: many }) })
    expect(screen.getAllByRole('listitem')).toHaveLength(20)
    await user.click(screen.getByRole('button', { name: '其余 6 段' }))
    expect(screen.getAllByRole('listitem')).toHaveLength(26)
    expect(screen.queryByRole('button')).toBeNull()
  })
})

describe('a stretch of its time', () => {
  const span = { from: now - 5 * hourMs, to: now - hourMs }
  const one = intervals({ ...span, intervals: [interval(span.from, span.to, 'down')], rate: 0 })
  const observations = (more: Partial<DeviceObservations> = {}): DeviceObservations => ({
    device: device.id,
    asOf: now,
    ...span,
    keptFrom: now - 30 * dayMs,
    observations: [probe({ at: span.from, verdict: 'fail', rung: 'reachable', reason: 'refused', ms: undefined })],
    truncated: false,
    batches: [],
    keys: [],
    refused: [],
    evidence: [],
    ...more,
  })

  test('of one interval shows the observations under it', async () => {
    hub.answers('intervals', one)
    hub.answers('observations', observations())
    render(SpanPart, { device, span })
    expect(await screen.findByText('所依据的观测')).toBeTruthy()
    await waitFor(() => expect(rowTexts().at(-1)).toContain('失败 网络可达 连接被拒绝 —'))
    expect(hub.asked('intervals')[0]?.query).toEqual(span)
  })

  test('says what came of this device and was not taken', async () => {
    hub.answers('intervals', one)
    hub.answers(
      'observations',
      observations({ refused: [{ reason: 'too-old', count: 5_133, firstAt: now, lastAt: now }] }),
    )
    render(SpanPart, { device, span })
    expect(await screen.findByText(/有 5,133 条观测未采纳（已过争议期），未计入任何指标/)).toBeTruthy()
  })

  test('of several asks for one of them to be chosen', async () => {
    hub.answers('intervals', intervals())
    render(SpanPart, { device, span: { from: now - dayMs, to: now } })
    expect(await screen.findByText('选择一段状态，查看其下的观测。')).toBeTruthy()
    expect(screen.getByRole('link', { name: '收起' }).getAttribute('href')).toBe('/devices')
  })

  test('without any record says so', async () => {
    hub.answers('intervals', intervals({ intervals: [], rate: null }))
    render(SpanPart, { device, span })
    expect(await screen.findByText('这一时段没有记录')).toBeTruthy()
  })

  test('older than the raw observations shows what is kept for long', async () => {
    hub.answers(
      'observations',
      observations({
        keptFrom: now - 4 * hourMs,
        observations: [],
        evidence: [
          { verdict: 'fail', rung: 'reachable', reason: 'timeout', firstAt: span.from, lastAt: span.to, count: 480 },
        ],
      }),
    )
    render(Observations, { device, span })
    expect(await screen.findByText(/之前的原始观测已按保留期清理/)).toBeTruthy()
    expect(rowTexts()[1]).toMatch(/^离线 失败 网络可达 超时 .* 480$/)
  })

  test('with more observations than are shown brings more on demand', async () => {
    hub.answers('observations', observations({ truncated: true }))
    render(Observations, { device, span })
    await user.click(await screen.findByRole('button', { name: '显示更多' }))
    await waitFor(() => expect(hub.asked('observations').map(({ query }) => query.limit)).toEqual([50, 500]))
  })

  test('may have no observation at all', async () => {
    hub.answers('observations', observations({ observations: [] }))
    render(Observations, { device, span })
    expect(await screen.findByText('这一时段没有观测')).toBeTruthy()
  })
})

describe('what its gateway signed', () => {
  const pair = generateKeyPairSync('ed25519')
  const key = pair.publicKey.export({ format: 'jwk' }).x!
  const digest = 'ab'.repeat(32)
  const batch = (seq: number, more: Partial<SealedBatch> = {}): SealedBatch => {
    const name = { gateway: gatewayId, epoch: 5, seq }
    const signature = sign(null, Buffer.from(sealedBatchText(name, digest)), pair.privateKey).toString('base64url')
    return { ...name, receivedAt: now, digest, signature, key, ...more }
  }
  const keys = [{ gateway: gatewayId, key, pinnedAt: now - 30 * dayMs, retiredAt: null }]
  const check = () => user.click(screen.getByRole('button', { name: '在浏览器中核验签名' }))
  const said = () => textOf(screen.getByRole('status'))

  test('is shown with its digest, signature and the key that was pinned, and is checked in the browser', async () => {
    render(Batches, { data: { batches: [batch(7), batch(8)], keys } })
    expect(screen.getByText(/^网关 …000001 登记公钥/)).toBeTruthy()
    expect(screen.getAllByText(key).length).toBeGreaterThan(1)
    expect(screen.getAllByLabelText(digest)).toHaveLength(2)
    expect(screen.getAllByText('未核验')).toHaveLength(2)
    await check()
    await waitFor(() => expect(said()).toBe('全部 2 个批次的签名成立，均由登记公钥签发。'))
    expect(screen.getAllByText('签名成立')).toHaveLength(2)
  })

  test.each([
    ['another digest', { digest: 'cd'.repeat(32) }, '签名不符'],
    ['another number', { seq: 9 }, '签名不符'],
    ['a key of somebody else', { key: 'B'.repeat(43) }, '密钥未登记'],
    ['no signature', { key: null, signature: null }, '未签名'],
  ] as const)('%s is found by the browser, whatever the hub says', async (_, more, words) => {
    render(Batches, { data: { batches: [batch(7), batch(8, more)], keys } })
    await check()
    await waitFor(() => expect(said()).toBe('2 个批次中有 1 个不成立，见下。'))
    expect(screen.getByText(words)).toBeTruthy()
  })

  test('a browser that cannot check says so, and what to do', async () => {
    vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new Error('NotSupportedError'))
    render(Batches, { data: { batches: [batch(7)], keys } })
    await check()
    await waitFor(() => expect(said()).toContain('无法核验 Ed25519 签名'))
    expect(screen.getByText('未核验')).toBeTruthy()
  })

  test('ten batches are shown first, and the rest on demand; there may be none any more', async () => {
    const { unmount } = render(Batches, { data: { batches: Array.from({ length: 12 }, (_, n) => batch(n + 1)), keys } })
    expect(screen.getAllByRole('listitem')).toHaveLength(10)
    await user.click(screen.getByRole('button', { name: '其余 2 个批次' }))
    expect(screen.getAllByRole('listitem')).toHaveLength(12)
    unmount()
    render(Batches, { data: { batches: [], keys: [] } })
    expect(screen.getByText(/摘要已按保留期清理/)).toBeTruthy()
  })

  test('the pack of a locked card of the month is a link; a month without one says so', async () => {
    const span = { from: Date.parse('2026-10-05T00:00+08:00'), to: Date.parse('2026-10-06T00:00+08:00') }
    const locked = scorecard(1, { status: 'locked' })
    const others = [scorecard(2), scorecard(3, { status: 'locked', subject: { kind: 'carrier', key: 'mobile' } })]
    hub.answers('scorecards', { asOf: now, cards: [locked, ...others], changed: [] })
    const { unmount } = render(Packs, { device, span })
    const pack = await screen.findByRole('link', { name: '下载电信封存包' })
    expect(pack.getAttribute('href')).toBe(`/api/v1/scorecards/${locked.id}/pack`)
    expect(screen.getAllByRole('link')).toHaveLength(2)
    expect(hub.asked('scorecards')[0]?.query).toEqual({ month: '2026-10' })
    unmount()
    hub.answers('scorecards', { asOf: now, cards: others, changed: [] })
    render(Packs, { device, span })
    expect(await screen.findByText(/^2026-10 尚无涉及此设备的已锁定考核表/)).toBeTruthy()
  })

  test('packs that cannot be listed say so', async () => {
    hub.refuses('scorecards', 503, '维护中。')
    render(Packs, { device, span: { from: now - dayMs, to: now } })
    expect((await screen.findByRole('alert')).textContent).toContain('维护中。')
  })
})

describe('its probes', () => {
  test('of a camera have their verdict, how far they came and how long they took', () => {
    const probes = [
      probe({ ms: 42.4 }),
      probe({ verdict: 'fail', rung: 'reachable', reason: 'timeout', ms: undefined }),
    ]
    render(Probes, { detail: deviceDetail(device, { probes }) })
    expect(screen.getByRole('heading', { name: '最近探测' })).toBeTruthy()
    expect(rowTexts()[1]).toMatch(/通过 媒体描述 — 42$/)
    expect(rowTexts()[2]).toMatch(/失败 网络可达 超时 —$/)
  })

  test('of a sensor are its reports, with what they measured', () => {
    const sensor = deviceRow(1, { kind: 'sensor' })
    const probes = [probe({ kind: 'telemetry', rung: 'fresh', values: { pm25: 31.6 }, ms: undefined })]
    render(Probes, { detail: deviceDetail(sensor, { probes }) })
    expect(screen.getByRole('heading', { name: '最近上报' })).toBeTruthy()
    expect(rowTexts()[1]).toMatch(/通过 数据按时 PM2\.5 31\.6 µg\/m³$/)
  })

  test('may be none yet', () => {
    render(Probes, { detail: deviceDetail(device, { probes: [] }) })
    expect(screen.getByText('还没有探测结果')).toBeTruthy()
  })
})

describe('what may be done', () => {
  test('a probe is asked of the gateway, and its answer said', async () => {
    await logInAs(hub, 'operator')
    hub.answers('command', { gateway: gatewayId, at: now, result: { verdict: 'fail' } })
    const reload = vi.fn()
    render(Actions, { detail: deviceDetail(), reload })
    await user.click(screen.getByRole('button', { name: '立即探测' }))
    await waitFor(() => expect(textOf(screen.getByRole('status'))).toMatch(/^网关 .* 应答：失败$/))
    expect(hub.asked('command')[0]?.body).toEqual({ name: 'probe' })
    expect(reload).toHaveBeenCalledOnce()
  })

  test('a probe that the gateway refused says why', async () => {
    await logInAs(hub, 'operator')
    hub.refuses('command', 504, '网关没有应答。')
    render(Actions, { detail: deviceDetail(), reload: () => undefined })
    await user.click(screen.getByRole('button', { name: '立即探测' }))
    await waitFor(() => expect(textOf(screen.getByRole('status'))).toBe('网关没有应答。'))
  })

  test('a gateway that is offline cannot be asked', async () => {
    await logInAs(hub, 'operator')
    const gateway = { id: gatewayId, online: false, lastSeenAt: now - hourMs }
    render(Actions, { detail: deviceDetail(device, { gateway }), reload: () => undefined })
    expect(screen.getByRole<HTMLButtonElement>('button', { name: '立即探测' }).disabled).toBe(true)
  })

  test('who may not command is offered none; the map is there for everybody', async () => {
    await logInAs(hub, 'commander', { permissions: ['view'] })
    render(Actions, { detail: deviceDetail(), reload: () => undefined })
    expect(screen.queryByRole('button')).toBeNull()
    expect(screen.getByRole('link', { name: '在地图上查看' }).getAttribute('href')).toBe(
      `/map?at=112.1010%2C26.8000%2C14.00&device=${device.id}`,
    )
  })

  test('what has no position cannot be seen on the map', async () => {
    await logInAs(hub, 'operator')
    render(Actions, { detail: deviceDetail(deviceRow(1, { longitude: null })), reload: () => undefined })
    expect(screen.queryByRole('link')).toBeNull()
  })
})

describe('what the gateway remarks', () => {
  const [trusted, offered] = ['1'.repeat(64), '2'.repeat(64)]

  test('why it could not be identified, and what it says and does not hold', () => {
    const remarks = {
      failure: { reason: 'malformed', detail: '</a> at 6 closes <b>' },
      oddities: ['clock-misstated', 'stream-host'],
    } as const
    render(Remarks, {
      detail: deviceDetail(device, { remarks: { ...remarks, oddities: [...remarks.oddities] } }),
      reload: () => undefined,
    })
    const items = screen.getAllByRole('listitem').map(textOf)
    expect(items[0]).toBe('▲ 最近一次识别未成功：报文格式错误 </a> at 6 closes <b>')
    expect(items[1]).toContain('所报时间')
    expect(items[2]).toContain('所报视频地址是另一主机')
    expect(screen.queryByRole('button')).toBeNull()
  })

  test('nothing is shown where there is nothing', () => {
    render(Remarks, { detail: deviceDetail(), reload: () => undefined })
    expect(screen.queryByText('网关提示')).toBeNull()
  })

  test('a changed certificate is accepted by who may, after a question', async () => {
    await logInAs(hub, 'operator')
    const reload = vi.fn()
    hub.answers('acceptCertificate', { gateway: gatewayId, at: now })
    render(Remarks, { detail: deviceDetail(device, { remarks: { certificate: { trusted, offered } } }), reload })
    expect(screen.getByText(offered)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: '接受新证书…' }))
    await user.click(screen.getByRole('button', { name: '接受' }))
    await waitFor(() => expect(reload).toHaveBeenCalledOnce())
    expect(hub.asked('acceptCertificate')[0]?.body).toEqual({ fingerprint: offered })
  })

  test('a refusal says why, and who may not accept is offered nothing', async () => {
    await logInAs(hub, 'operator')
    hub.refuses('acceptCertificate', 502, '证书又变了。')
    const detail = deviceDetail(device, { remarks: { certificate: { trusted, offered } } })
    const { unmount } = render(Remarks, { detail, reload: () => undefined })
    await user.click(screen.getByRole('button', { name: '接受新证书…' }))
    await user.click(screen.getByRole('button', { name: '接受' }))
    await waitFor(() => expect(textOf(screen.getByRole('status'))).toBe('证书又变了。'))
    unmount()
    await logInAs(hub, 'commander', { permissions: ['view', 'command'] })
    render(Remarks, { detail, reload: () => undefined })
    expect(screen.queryByRole('button')).toBeNull()
  })
})

describe('as its gateway sees it', () => {
  const explanation = (more: Partial<Explanation> = {}): DeviceExplanation => ({
    gateway: gatewayId,
    at: now,
    explanation: {
      device: device.id,
      at: now,
      xaddr: 'http://10.0.0.1/onvif',
      host: '10.0.0.1',
      moved: false,
      blind: false,
      schedule: { every: 30_000, nextAt: now + 20_000, wrong: 2, dead: 1 },
      policy: {
        timeoutMs: 5_000,
        connectMs: 2_500,
        maxBytes: 262_144,
        slowMs: 3_000,
        clockMs: 60_000,
        authenticateEvery: 10,
        describeEvery: 20,
      },
      credential: {
        name: 'default',
        configured: false,
        scheme: null,
        device: { tries: 3, triesLeft: 1 },
        stream: { tries: 3, triesLeft: 3 },
      },
      clockOffsetMs: -4_200,
      rungs: [
        { rung: 'reachable', said: 'pass', every: 1, in: 0 },
        { rung: 'authenticated', said: 'unauthorised', detail: 'HTTP 401', every: 10, in: 7 },
        { rung: 'decodes', said: 'nothing', every: 0, in: 0 },
      ],
      probes: [],
      exchanges: [],
      watchedUntil: now + 10 * minuteMs,
      ...more,
    },
  })

  test('it is asked only when somebody wants to know', async () => {
    hub.answers('explain', explanation())
    render(Explain, { device })
    expect(hub.asked('explain')).toEqual([])
    await user.click(screen.getByRole('button', { name: '查看网关记录', expanded: false }))
    const facts = async () => (await screen.findAllByRole('definition')).map(textOf)
    expect(await facts()).toContain('2 次，其中不可达 1 次')
    expect(await facts()).toContain('default（网关未配置）')
    expect(await facts()).toContain('设备 1 / 3，视频流 3 / 3')
    expect((await facts()).at(-1)).toBe(
      '连接限时 2.5 秒，应答限时 5 秒，应答上限 256 KiB，慢于 3 秒 或时钟偏差超过 1 分 判为异常；认证每 10 次、视频流每 20 次探测一查',
    )
    expect(rowTexts().slice(1)).toEqual([
      '网络可达 通过 0 次探测',
      '身份认证 认证失败 HTTP 401 7 次探测',
      '画面解码 尚未检查 —',
    ])
    await user.click(screen.getByRole('button', { name: '收起', expanded: true }))
    expect(screen.queryAllByRole('definition')).toEqual([])
  })

  test('what stands in its way is marked', async () => {
    hub.answers('explain', explanation({ blind: true, moved: true }))
    render(Explain, { device })
    await user.click(screen.getByRole('button'))
    expect(await screen.findByText('▲ 网关自身断网，暂不探测')).toBeTruthy()
    expect(screen.getByText('▲ 设备已移至此地址，待重新批准')).toBeTruthy()
  })

  test('a gateway that does not answer says so', async () => {
    hub.refuses('explain', 504, '网关没有应答。')
    render(Explain, { device })
    await user.click(screen.getByRole('button'))
    expect((await screen.findByRole('alert')).textContent).toContain('网关没有应答。')
  })

  test('of a sensor: when it was heard, who was refused in its name, and what could not be read', async () => {
    const again = { firstAt: now - 60_000, lastAt: now, count: 3 }
    const sensor: SensorExplanation = {
      kind: 'sensor',
      device: device.id,
      at: now,
      connected: 0,
      every: 30_000,
      heardAt: null,
      missed: 4,
      clock: { offsetMs: 0, lateSince: null },
      messages: { taken: 12, held: 0, unread: 2 },
      refusals: [{ ...again, reason: 'a keepalive of 900 s: at most 300 s' }],
      unread: [{ ...again, reason: 'body: must be JSON', payload: '{"pm25":NaN}' }],
    }
    hub.answers('explain', { gateway: gatewayId, at: now, explanation: sensor })
    render(Explain, { device: { ...device, kind: 'sensor' } })
    await user.click(screen.getByRole('button', { name: '查看网关记录' }))
    const facts = (await screen.findAllByRole('definition')).map(textOf)
    expect(facts[0]).toBe('未连接')
    expect(facts[1]).toBe('网关启动后尚未上报（应每 30 秒一次） ▲ 此后缺报 4 次')
    expect(facts.at(-1)).toBe('已接收 12 条，放缓确认 0 条，无法完整解读 2 条')
    expect(screen.getByText('a keepalive of 900 s: at most 300 s')).toBeTruthy()
    expect(screen.getByText('{"pm25":NaN}')).toBeTruthy()
  })

  test('a device without a gateway has none to ask', () => {
    render(Explain, { device: deviceRow(1, { gateway: null }) })
    expect(screen.queryByRole('button')).toBeNull()
  })

  test('each exchange says what was asked and what came back', async () => {
    const exchange = {
      at: now,
      ms: 12.4,
      asked: 'GetDeviceInformation',
      login: 'digest',
      status: 200,
      bytes: 2_048,
    } as const
    render(Exchanges, {
      exchanges: [
        { ...exchange, sent: '<q/>', received: '<a/>' },
        { ...exchange, login: 'none', status: null, reason: 'timeout', bytes: 0 },
      ],
    })
    expect(rowTexts()[1]).toMatch(/GetDeviceInformation 摘要 200 12 2,048$/)
    expect(rowTexts().at(-1)).toMatch(/GetDeviceInformation 无 超时 12 0$/)
    expect(screen.getByText('<q/>')).toBeTruthy()
  })

  test('there may have been no exchange', () => {
    render(Exchanges, { exchanges: [] })
    expect(screen.getByText('还没有收发记录')).toBeTruthy()
  })
})

describe('what happened to it', () => {
  const event = { v: 1, device: device.id, district: '430426' } as const

  test('is listed newest first', async () => {
    hub.answers('events', {
      device: device.id,
      asOf: now,
      events: [
        { ...event, at: now - minuteMs, kind: 'motion', from: null, to: 'active', source: '入口' },
        { ...event, at: now - hourMs, kind: 'firmware', from: 'V5.6', to: 'V5.7' },
      ],
    })
    render(Events, { id: device.id })
    await waitFor(() => expect(rowTexts()).toHaveLength(2))
    expect(rowTexts()[0]).toMatch(/移动侦测 开始 入口$/)
    expect(rowTexts()[1]).toMatch(/固件变更 V5\.6 → V5\.7$/)
  })

  test('older events are asked for on demand', async () => {
    hub.answers('events', ({ query }) => ({
      device: device.id,
      asOf: now,
      events: Array.from({ length: Number(query.limit) }, (_, n) => ({
        ...event,
        at: now - n * minuteMs,
        kind: 'tamper' as const,
        from: null,
        to: 'inactive',
      })),
    }))
    render(Events, { id: device.id })
    await user.click(await screen.findByRole('button', { name: '更早的事件' }))
    await waitFor(() => expect(rowTexts()).toHaveLength(50))
  })

  test('may be nothing', async () => {
    hub.answers('events', { device: device.id, asOf: now, events: [] })
    render(Events, { id: device.id })
    expect(await screen.findByText('没有记录到事件')).toBeTruthy()
  })
})

describe('what a sensor measures', () => {
  const answer = (measures: TelemetryAnswer['measures']): TelemetryAnswer => ({
    device: device.id,
    asOf: now,
    from: now - dayMs,
    to: now,
    measures,
  })
  const pm25 = (value: number): TelemetryAnswer['measures'][number] => ({
    measure: 'pm25',
    unit: 'µg/m³',
    min: 0,
    max: 2_000,
    latest: { at: now - 2 * minuteMs, value },
    points: [
      [now - 2 * hourMs, 20],
      [now - hourMs, value],
    ],
  })

  test('has its latest value with its unit and its range', () => {
    render(Measure, { measure: pm25(31.6), span: { from: now - dayMs, to: now } })
    expect(textOf(screen.getByText('PM2.5').parentElement)).toMatch(/^PM2\.5 31\.6 µg\/m³ .*量程 0 – 2000 µg\/m³$/)
    expect(screen.getByRole('img', { name: /最低 20.*最高 31\.6.*共 2 个数据点/ })).toBeTruthy()
  })

  test('out of its range is marked as implausible', () => {
    render(Measure, { measure: pm25(-3), span: { from: now - dayMs, to: now } })
    expect(screen.getByText('超出量程，视为无效，请检查传感器。')).toBeTruthy()
  })

  test('may have nothing in this time', () => {
    render(Measure, { measure: { ...pm25(1), latest: null, points: [] }, span: { from: now - dayMs, to: now } })
    expect(screen.getByText('这段时间没有数据')).toBeTruthy()
  })

  test('is read over a day or a week', async () => {
    hub.answers('telemetry', answer([pm25(31.6)]))
    render(Telemetry, { id: device.id })
    expect(await screen.findByText('PM2.5')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: '7 天' }))
    await waitFor(() => expect(hub.asked('telemetry')).toHaveLength(2))
    const [day, week] = hub.asked('telemetry').map(({ query }) => Number(query.from))
    expect(Math.round(((day ?? 0) - (week ?? 0)) / dayMs)).toBe(6)
    expect(screen.getByRole('button', { pressed: true }).textContent).toBe('7 天')
  })

  test('may not have been reported yet', async () => {
    hub.answers('telemetry', answer([]))
    render(Telemetry, { id: device.id })
    expect(await screen.findByText('尚未上报任何监测值')).toBeTruthy()
  })
})

describe('what it is', () => {
  test('it said of itself what it is, and how far its clock is off', () => {
    render(Identity, { identity: { manufacturer: 'Hikvision', ptz: true, at: now }, clockOffsetMs: -4_200 })
    expect(screen.getAllByRole('definition').map(textOf)).toEqual(['Hikvision', '是', '−4,200 ms'])
    expect(screen.getByText(/^截至/)).toBeTruthy()
  })

  test('it may not have said anything yet', () => {
    render(Identity, { identity: null, clockOffsetMs: null })
    expect(screen.getByText('尚未读取设备信息')).toBeTruthy()
  })

  test('the record marks what is missing', () => {
    render(RecordFields, { detail: deviceDetail(device, { faults: [{ field: 'longitude', limit: '必填' }] }) })
    expect(screen.getByText('1 项不合格')).toBeTruthy()
    expect(textOf(screen.getByText('经度').nextElementSibling)).toBe('▲ 缺失或无效：必填')
    expect(textOf(screen.getByText('运营商').nextElementSibling)).toBe('电信')
  })

  test('a whole record says so', () => {
    render(RecordFields, { detail: deviceDetail() })
    expect(screen.getByText('必填项齐全')).toBeTruthy()
  })

  test('where the record and the device differ, both are said; where they do not, nothing', () => {
    const { unmount } = render(Differences, { differences: [{ field: 'model', recorded: 'DS-1', found: 'DS-2' }] })
    expect(rowTexts()[1]).toBe('型号 DS-1 ▲ DS-2')
    unmount()
    render(Differences, { differences: [] })
    expect(screen.queryByRole('table')).toBeNull()
  })
})

describe('its outages', () => {
  test('lead to their pages, and so does the work order that runs', async () => {
    const row = outageRow('o-17', { to: now - 10 * minuteMs, status: 'resolved', down: 0 })
    hub.answers('outages', { asOf: now, total: 1, down: 0, outages: [row] })
    render(Outages, { id: device.id, order: { id: uuid(3), number: 'WO-3', status: 'received' } })
    const outage = await screen.findByRole('link', { name: /交换机 QD-03/ })
    expect(outage.getAttribute('href')).toBe('/outages/o-17')
    expect(textOf(outage)).toContain('已恢复')
    expect(screen.getByRole('link', { name: 'WO-3' }).getAttribute('href')).toBe(`/orders/${uuid(3)}`)
    expect(hub.asked('outages')[0]?.query).toMatchObject({ device: device.id, view: 'all', limit: 5 })
  })

  test('may be none', async () => {
    hub.answers('outages', { asOf: now, total: 0, down: 0, outages: [] })
    render(Outages, { id: device.id, order: null })
    expect(await screen.findByText(/没有/)).toBeTruthy()
    expect(screen.queryByRole('link')).toBeNull()
  })
})

describe('the drawer', () => {
  test('of a code that is none says so', async () => {
    hub.refuses('device', 404, '没有这台设备')
    render(DeviceDrawer, { id: deviceId(99) })
    expect(await screen.findByText('没有这台设备')).toBeTruthy()
    expect(screen.getByText(`编码 ${deviceId(99)} 不存在，或不在可查看的区县内。`)).toBeTruthy()
  })

  test('is shut by its button, and the stretch with it', async () => {
    hub.refuses('device', 404, '没有这台设备')
    visit(`/devices?state=down&device=${deviceId(99)}&span=1000-2000`)
    render(DeviceDrawer, { id: deviceId(99) })
    await user.click(screen.getByRole('button', { name: '关闭' }))
    expect(address()).toMatchObject({ device: null, span: null })
    expect(location.search).toBe('?state=down')
  })

  test('of a sensor has what it measures, and its gateway can be asked', async () => {
    const sensor = deviceRow(1, { kind: 'sensor' })
    hub.answers('device', deviceDetail(sensor, { rule: { ...answered, rung: 'fresh' } }))
    hub.answers('intervals', intervals())
    hub.answers('outages', { asOf: now, total: 0, down: 0, outages: [] })
    hub.answers('events', { device: device.id, asOf: now, events: [] })
    hub.answers('telemetry', { device: device.id, asOf: now, from: now - dayMs, to: now, measures: [] })
    render(DeviceDrawer, { id: sensor.id })
    expect(await screen.findByRole('heading', { name: '监测数据' })).toBeTruthy()
    expect(screen.getByText(/连续 2 次按时收到数据/)).toBeTruthy()
    expect(screen.getByRole('heading', { name: '网关视角' })).toBeTruthy()
  })
})
