import type { IncidentAct } from '@hub/contracts'
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import { setLanguage } from '../../i18n/language.svelte.ts'
import { closeLive, openLive } from '../../live/live.svelte.ts'
import { address } from '../../router/router.svelte.ts'
import { devicePage as registry } from '../../shared/devices/registry.svelte.ts'
import { TestAudio } from '../../testing/audio.ts'
import { devicePage, deviceRow, incident, incidentRow, now, uuid } from '../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../testing/hub.ts'
import { textOf, withoutWebGl } from '../../testing/read.ts'
import EmergencyPage from './EmergencyPage.svelte'

const hub = useHub()
const listed = (...incidents: ReturnType<typeof incidentRow>[]) => ({
  asOf: now,
  incidents,
  total: incidents.length,
  next: null,
})
const unseen = { acknowledgedBy: null, acknowledgedAt: null }
const nearby = {
  asOf: now,
  cameras: [],
  counts: { up: 0, degraded: 0, down: 0, unknown: 0 },
  resources: [],
  without: [],
}

beforeEach(async () => {
  visit('/emergency')
  withoutWebGl()
  hub.answers('incidents', listed())
  hub.answers('nearby', nearby)
  hub.answers('resources', { asOf: now, resources: [] })
  hub.answers('plans', { asOf: now, plans: [] })
  hub.answers('incidentPresence', undefined)
  hub.answers('incidentCap', { asOf: now, messages: [], cancelled: false, next: [] })
  await logInAs(hub, 'operator')
})
const acts = (): IncidentAct[] => hub.asked('actOnIncident').map(({ body }) => body as IncidentAct)
const open = (of: ReturnType<typeof incident>) => {
  hub.answers('incident', of)
  visit(`/emergency/${of.id}`)
  return render(EmergencyPage)
}

test('says when there is no incident, and why they could not be read', async () => {
  const { unmount } = render(EmergencyPage)
  expect(await screen.findByText('当前没有处置中的事件')).toBeTruthy()
  unmount()
  hub.refuses('incidents', 503, '维护中。')
  render(EmergencyPage)
  expect((await screen.findByText(/维护中/)).closest('[role="alert"]')).toBeTruthy()
})

test('lists by level with the limit that runs, and marks a drill', async () => {
  const clock = { step: 'dispatch' as const, unit: null, from: now, due: now + 125_000, colour: 'none' as const }
  hub.answers(
    'incidents',
    listed(
      incidentRow(3, { level: null }),
      incidentRow(1, { level: 1, clock }),
      incidentRow(2, { level: 4, drill: true, number: 'YL-20261122-0002' }),
    ),
  )
  render(EmergencyPage)
  const list = await screen.findByRole('region', { name: '事件' })
  await within(list).findByText('解放路 1 号积水')
  expect(within(list).getAllByRole('heading', { level: 2 }).map(textOf)).toEqual([
    '? 未定级 1',
    'I 特别重大 1',
    'IV 一般 1',
  ])
  expect(textOf(within(list).getByText('解放路 1 号积水').closest('li'))).toContain('派出 2:05 剩余')
  expect(textOf(within(list).getByText('解放路 2 号积水').closest('li'))).toMatch(/^演练/)
})

test('filters are in the address, and the hub is asked for them', async () => {
  visit('/emergency?view=review&level=2&source=119&drill=no')
  render(EmergencyPage)
  expect(await screen.findByText('没有符合条件的事件')).toBeTruthy()
  await userEvent.type(screen.getByRole('searchbox'), 'YJ')
  await waitFor(() =>
    expect(hub.asked('incidents').at(-1)?.query).toMatchObject({
      search: 'YJ',
      view: 'review',
      level: [2],
      source: ['119'],
      drill: 'no',
    }),
  )
  expect(location.search).toContain('search=YJ')
  await userEvent.click(await screen.findByRole('button', { name: '清除筛选' }))
  expect(location.search).toBe('?view=review')
})

test('one that nobody has seen sounds until it is acknowledged, by a key too; silence is remembered', async () => {
  hub.answers('incidents', listed(incidentRow(1, unseen)))
  hub.answers('actOnIncident', () => {
    hub.answers('incidents', listed(incidentRow(1)))
    return incident(1)
  })
  const { unmount } = render(EmergencyPage)
  await waitFor(() => expect(TestAudio.tones).toBeGreaterThan(0))
  expect(screen.getByRole('link', { name: /1 起待确认/ })).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: '提示音开' }))
  expect(screen.getByRole('button', { name: '已静音' })).toBeTruthy()
  unmount()
  const before = TestAudio.tones
  render(EmergencyPage)
  await screen.findByRole('button', { name: '确认收到' })
  expect(TestAudio.tones).toBe(before)
  await userEvent.keyboard('a')
  await waitFor(() => expect(acts()).toEqual([{ act: 'acknowledge' }]))
  await waitFor(() => expect(screen.queryByRole('button', { name: '确认收到' })).toBeNull())
  await userEvent.click(screen.getByRole('button', { name: '已静音' }))
})

test('says that the browser forbids sound, until the page is clicked', async () => {
  TestAudio.forbids = true
  hub.answers('incidents', listed(incidentRow(1, unseen)))
  render(EmergencyPage)
  expect(await screen.findByText(/浏览器禁止发声/)).toBeTruthy()
  TestAudio.forbids = false
  await fireEvent.pointerDown(document.body)
  await waitFor(() => expect(screen.queryByText(/浏览器禁止发声/)).toBeNull())
  expect(TestAudio.tones).toBeGreaterThan(0)
})

test('a new incident is entered by keyboard alone', async () => {
  hub.answers('devices', devicePage([deviceRow(1), deviceRow(2, { name: '迎宾路 2 号球机' })]))
  await registry.load()
  hub.answers('openIncident', incident(9))
  hub.answers('incident', incident(9))
  render(EmergencyPage)
  await screen.findByText('当前没有处置中的事件')
  await userEvent.keyboard('n')
  const dialog = await screen.findByRole('dialog')
  await userEvent.keyboard('hz{Enter}')
  await userEvent.tab()
  await userEvent.keyboard('2')
  await userEvent.tab()
  await userEvent.keyboard('ybl{Enter}')
  expect((within(dialog).getByRole('combobox', { name: '地点' }) as HTMLInputElement).value).toBe('迎宾路 2 号球机')
  await userEvent.keyboard('{Enter}')
  await waitFor(() => expect(hub.asked('openIncident').length).toBe(1))
  expect(hub.asked('openIncident')[0]?.body).toEqual({
    drill: false,
    source: 'manual',
    title: '祁东县 火灾',
    class: 'accident',
    type: 'fire',
    level: 2,
    device: deviceRow(2).id,
  })
  await waitFor(() => expect(address().below).toBe(uuid(9)))
})

test('what is missing is said at its field, and what the hub refuses too', async () => {
  hub.refuses('openIncident', 400, '地址过长。')
  render(EmergencyPage)
  await userEvent.click(await screen.findByRole('button', { name: /^新建事件/ }))
  const dialog = await screen.findByRole('dialog')
  await userEvent.click(within(dialog).getByRole('button', { name: '上报事件' }))
  const type = within(dialog).getByRole('combobox', { name: '类型' })
  expect(type.getAttribute('aria-invalid')).toBe('true')
  expect(within(dialog).getByText('请选择类型。').id).toBe(type.getAttribute('aria-describedby'))
  expect(within(dialog).getByText('请输入地址、选择设备或在地图上选点。')).toBeTruthy()
  await userEvent.type(type, 'hz{Enter}')
  await userEvent.type(within(dialog).getByRole('combobox', { name: '地点' }), '蒸湘区解放路')
  expect(
    (within(dialog).getByRole('combobox', { name: '区县' }) as HTMLSelectElement).selectedOptions[0]?.textContent,
  ).toBe('蒸湘区')
  await userEvent.click(within(dialog).getByRole('button', { name: '上报事件' }))
  expect(await within(dialog).findByText(/地址过长/)).toBeTruthy()
})

test('the legal acts are buttons with their forms, and what an act answers is shown at once', async () => {
  open(incident(1, { next: ['dispatch', 'end'] }))
  await userEvent.click(await screen.findByRole('button', { name: /^派出单位/ }))
  expect(screen.queryByRole('button', { name: /^核实/ })).toBeNull()
  const dialog = await screen.findByRole('dialog')
  hub.answers(
    'actOnIncident',
    incident(1, {
      revision: 4,
      status: 'dispatched',
      next: ['sign', 'end'],
      units: [{ unit: '消防一站', part: 'lead', dispatchedAt: now, signedAt: null, departedAt: null, arrivedAt: null }],
    }),
  )
  await userEvent.type(within(dialog).getByLabelText('单位'), '消防一站')
  await userEvent.click(within(dialog).getByRole('button', { name: '再加一个单位' }))
  await userEvent.type(within(dialog).getAllByLabelText('单位')[1]!, '交警二中队')
  await userEvent.click(within(dialog).getByRole('button', { name: '派出单位' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(acts()).toEqual([
    {
      act: 'dispatch',
      units: [
        { unit: '消防一站', part: 'lead' },
        { unit: '交警二中队', part: 'assist' },
      ],
    },
  ])
  expect(screen.getByRole('row', { name: /消防一站/ })).toBeTruthy()
  await userEvent.keyboard('.')
  const sign = await screen.findByRole('dialog')
  expect(within(sign).getByRole('heading').textContent).toContain('签收')
  await userEvent.click(within(sign).getByRole('button', { name: '签收' }))
  await waitFor(() => expect(acts().at(-1)).toEqual({ act: 'sign', unit: '消防一站' }))
})

test('what another officer does appears by itself, and who looks is told', async () => {
  openLive()
  open(incident(1))
  await screen.findByText('已定级')
  await waitFor(() => expect(hub.asked('incidentPresence').length).toBe(1))
  await waitFor(() => expect(hub.streams).toBe(1))
  hub.answers(
    'incident',
    incident(1, {
      revision: 5,
      status: 'handling',
      present: [
        { user: 'wang', since: now },
        { user: 'li', since: now },
      ],
    }),
  )
  hub.send({ event: 'changed', data: { what: 'incidents', id: uuid(1) } })
  expect((await screen.findByText(/正在查看/)).textContent).toContain('li')
  expect(screen.getByText(/正在查看/).textContent).not.toContain('wang')
  expect(screen.getByText('处置中')).toBeTruthy()
  closeLive()
})

const planStep = (seq: number, more: object = {}) => ({
  seq,
  title: `第 ${seq} 步`,
  role: '值班长',
  limitMinutes: 5,
  hint: null,
  state: 'open' as const,
  due: now + 90_000,
  assignee: null,
  at: null,
  by: null,
  note: null,
  added: false,
  ...more,
})
const plan = (...steps: ReturnType<typeof planStep>[]) => ({
  plan: uuid(5),
  version: 2,
  name: '内涝预案',
  startedAt: now,
  startedBy: 'li',
  steps,
})

test('the plan is ticked by digit or click, and a step is skipped only with a reason', async () => {
  open(incident(1, { plan: plan(planStep(1), planStep(2)) }))
  await screen.findByRole('heading', { name: /内涝预案/ })
  hub.answers(
    'actOnIncident',
    incident(1, { revision: 4, plan: plan(planStep(1, { state: 'done', at: now, by: 'wang' }), planStep(2)) }),
  )
  await userEvent.keyboard('1')
  await waitFor(() => expect(acts()).toEqual([{ act: 'tick', seq: 1 }]))
  await waitFor(() => expect(screen.getAllByRole('button', { name: '跳过' }).length).toBe(1))
  await userEvent.click(screen.getByRole('button', { name: '跳过' }))
  const dialog = screen.getByRole('dialog')
  expect((within(dialog).getByLabelText('原因') as HTMLInputElement).required).toBe(true)
  await userEvent.type(within(dialog).getByLabelText('原因'), '已由交警完成')
  await userEvent.click(within(dialog).getByRole('button', { name: '跳过' }))
  await waitFor(() => expect(acts().at(-1)).toEqual({ act: 'skip', seq: 2, note: '已由交警完成' }))
})

test('the caller is shown whole only to who says why', async () => {
  open(incident(1, { caller: { name: '王先生', phone: '138****1234' } }))
  expect(await screen.findByText('138****1234')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: '查看完整号码' }))
  hub.answers('revealCaller', { name: '王先生', phone: '13800001234' })
  const dialog = screen.getByRole('dialog')
  await userEvent.type(within(dialog).getByLabelText('原因'), '回访')
  await userEvent.click(within(dialog).getByRole('button', { name: '查看完整号码' }))
  expect(await screen.findByText('13800001234')).toBeTruthy()
  expect(hub.asked('revealCaller')[0]?.body).toEqual({ note: '回访' })
})

const camera = (serial: number, sighting: 'covers' | 'looks-away') => ({
  device: deviceRow(serial).id,
  name: `球机 ${serial}`,
  district: '430408' as const,
  longitude: 112.6,
  latitude: 26.9,
  metres: 100 * serial,
  bearing: 0,
  view: { heading: 0, field: 60, range: 300, turns: false, assumed: ['field' as const] },
  sighting,
  state: 'up' as const,
  lastAt: now,
})

test('cameras that can see it are offered with the reason, chosen, and drawn as tiles', async () => {
  hub.answers('nearby', { ...nearby, cameras: [camera(1, 'covers'), camera(2, 'looks-away')], without: ['hydrant'] })
  open(incident(1))
  const list = await screen.findByRole('region', { name: '范围内的摄像机和资源' })
  expect(textOf((await within(list).findByRole('button', { name: '球机 1' })).closest('li'))).toContain(
    '100 米，在南侧，看得到现场',
  )
  expect(within(list).getByText('范围内没有：消火栓')).toBeTruthy()
  const chosen = { ...camera(1, 'covers'), chosenAt: now, chosenBy: 'wang', preset: null }
  const picture = {
    id: uuid(8),
    name: `${chosen.device}-1.jpg`,
    type: 'image/jpeg' as const,
    bytes: 9,
    sha256: 'a',
    at: now,
    by: 'hub',
  }
  hub.answers('actOnIncident', incident(1, { revision: 4, cameras: [chosen], attachments: [picture] }))
  await userEvent.click(within(list).getByRole('button', { name: '选用 球机 1' }))
  await waitFor(() => expect(acts()).toEqual([{ act: 'choose-cameras', devices: [chosen.device] }]))
  const tiles = screen.getByRole('region', { name: '选用的摄像机' })
  expect((await within(tiles).findByRole('img', { name: '球机 1' })).getAttribute('src')).toBe(
    `/api/v1/incidents/${uuid(1)}/attachments/${uuid(8)}`,
  )
  expect(within(tiles).getByText('视野按摄像机类型推定')).toBeTruthy()
})

test('likely the same are offered to be merged, never merged by themselves', async () => {
  open(
    incident(1, {
      similar: [{ id: uuid(2), number: 'YJ-20261122-0002', title: '解放路积水', metres: 120, apartMs: 300_000 }],
    }),
  )
  hub.answers('actOnIncident', incident(1, { revision: 4, status: 'merged', mergedInto: uuid(2), next: [] }))
  await userEvent.click(await screen.findByRole('button', { name: '合并过去' }))
  await waitFor(() => expect(acts()).toEqual([{ act: 'merge', into: uuid(2) }]))
  expect(await screen.findByRole('link', { name: '已合并，查看合并后的事件' })).toBeTruthy()
})

test('alerts are listed; one that was taken back offers the end; what is published is confirmed first, and once', async () => {
  const message = {
    id: uuid(7),
    incident: uuid(1),
    direction: 'in' as const,
    msgType: 'Cancel' as const,
    exercise: false,
    sender: 'met.example',
    identifier: 'one',
    sent: now,
    headline: '解除暴雨预警',
    warning: null,
    at: now,
    by: 'cmdr',
  }
  hub.answers('incidentCap', { asOf: now, messages: [message], cancelled: true, next: ['Alert'] })
  hub.answers('sendCap', { ...message, id: uuid(8), direction: 'out', msgType: 'Alert' })
  open(incident(1, { status: 'handling', next: ['end'] }))
  const card = await screen.findByRole('region', { name: '预警发布 CAP' })
  expect(textOf(within(card).getByRole('status'))).toContain('收到的预警已全部解除。')
  expect(within(card).getByRole('button', { name: '结束' })).toBeTruthy()
  expect(within(card).getByRole('link', { name: '解除暴雨预警' }).getAttribute('href')).toBe(
    `/api/v1/cap/${uuid(7)}.xml`,
  )
  await userEvent.click(within(card).getByRole('button', { name: '发布预警' }))
  const dialog = await screen.findByRole('dialog')
  expect(hub.asked('sendCap')).toEqual([])
  expect(textOf(dialog)).toContain('将向公众发布')
  await userEvent.type(within(dialog).getByLabelText(/公众须知（中文）/), '请绕行')
  const go = within(dialog).getByRole<HTMLButtonElement>('button', { name: '发布预警' })
  expect(go.disabled).toBe(true)
  await userEvent.type(within(dialog).getByLabelText(/公众须知（英文）/), 'Take another way')
  await userEvent.click(go)
  await waitFor(() => expect(hub.asked('sendCap')).toHaveLength(1))
  expect(hub.asked('sendCap')[0]?.body).toMatchObject({
    msgType: 'Alert',
    instruction: { zh: '请绕行', en: 'Take another way' },
  })
})

test('the log is narrowed to a kind', async () => {
  const entry = { at: now, actor: 'li', step: null, note: null, detail: {} }
  open(
    incident(1, {
      log: [
        { ...entry, seq: 1, kind: 'step', step: 'verify' },
        { ...entry, seq: 2, kind: 'note', note: '电话核实属实' },
      ],
    }),
  )
  const log = await screen.findByRole('region', { name: '日志' })
  await userEvent.click(within(log).getByRole('button', { name: '记事', pressed: false }))
  expect(within(log).getAllByRole('listitem').map(textOf)).toEqual(['10:00:00 记事 li 电话核实属实'])
})

test('who may only look sees what may not be pressed, and why', async () => {
  await logInAs(hub, 'auditor')
  open(incident(1, { ...unseen, status: 'received', next: ['verify'] }))
  expect(await screen.findByText(/需要.*处置应急事件/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: /确认收到|核实/ })).toBeNull()
  await userEvent.keyboard('an')
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(acts()).toEqual([])
})

const rule = {
  id: uuid(3),
  version: 1,
  draft: {
    name: '积水联动',
    when: {
      kind: 'measure' as const,
      measure: 'water_level' as const,
      compare: 'above' as const,
      threshold: 0.3,
      holdSeconds: 60,
      hysteresis: 0.05,
    },
    where: {},
    schedule: null,
    restSeconds: 600,
    mostPerHour: 60,
    actions: [
      {
        kind: 'open-incident' as const,
        deadlineSeconds: 30,
        retries: 2,
        title: '积水',
        class: 'natural-disaster' as const,
        type: 'flood' as const,
        level: null,
        joinMetres: 0,
        joinMinutes: 0,
      },
    ],
  },
  state: 'dry-run' as const,
  at: now,
  by: 'li',
  runs: 0,
  dryRuns: 4,
  late: 0,
  held: 0,
  lastRunAt: now,
}

test('a rule says what it does, is rehearsed, and its next version is sent', async () => {
  visit('/emergency/rules')
  hub.answers('linkageRules', { asOf: now, rules: [rule] })
  hub.answers('linkageRuns', { asOf: now, runs: [] })
  render(EmergencyPage)
  expect(await screen.findByText(/积水水位高于 0\.3 m 持续 1 分/)).toBeTruthy()
  expect(screen.getByRole('link', { name: '积水联动' }).getAttribute('href')).toBe(`/emergency/rules?rule=${rule.id}`)
  visit(`/emergency/rules?rule=${rule.id}`)
  hub.answers('rehearseLinkageRule', {
    from: now - 1,
    to: now,
    keptFrom: now - 1,
    fired: 5,
    incidents: 3,
    joined: 2,
    held: 0,
    perDay: [{ day: '2026-11-21', fired: 5 }],
    runs: [],
  })
  await userEvent.click(await screen.findByRole('button', { name: '试算' }))
  expect(await screen.findByText('会触发 5 次：新建 3 起，并入 2 起，限流 0 次。')).toBeTruthy()
  await userEvent.type(screen.getByLabelText('名称'), '二')
  expect(await screen.findByText('规则已改动，下列结果不再适用。')).toBeTruthy()
  hub.answers('changeLinkageRule', { ...rule, version: 2 })
  await userEvent.click(screen.getByRole('button', { name: '保存为新版本，先试运行' }))
  await waitFor(() => expect(hub.asked('changeLinkageRule')[0]?.body).toMatchObject({ name: '积水联动二' }))
})

test('a rule is switched on from the list', async () => {
  visit('/emergency/rules')
  hub.answers('linkageRules', { asOf: now, rules: [rule] })
  hub.answers('switchLinkageRule', { ...rule, state: 'on' })
  render(EmergencyPage)
  await userEvent.selectOptions(await screen.findByLabelText('“积水联动”的状态'), '启用')
  await waitFor(() => expect(hub.asked('switchLinkageRule')[0]?.body).toEqual({ state: 'on' }))
})

test('a plan is written step by step', async () => {
  visit('/emergency/plans?plan=new')
  render(EmergencyPage)
  await userEvent.type(await screen.findByLabelText('名称'), '内涝预案')
  await userEvent.type(screen.getByLabelText('做什么'), '封闭下穿通道')
  await userEvent.type(screen.getByLabelText('由谁'), '交警')
  await userEvent.type(screen.getByLabelText('时限（分钟）'), '5')
  hub.refuses('createPlan', 400, '名称已有。')
  await userEvent.click(screen.getByRole('button', { name: '保存' }))
  expect((await screen.findByRole('alert')).textContent).toContain('名称已有')
})

test('each page speaks English when asked', async () => {
  setLanguage('en')
  hub.answers('incidents', listed(incidentRow(1, { ...unseen, title: 'Flood', address: '' })))
  render(EmergencyPage)
  const list = await screen.findByRole('region', { name: 'Incidents' })
  await within(list).findByText('Flood')
  expect(textOf(list)).not.toMatch(/[\u4e00-\u9fff]/)
})

test('of what is corrected only what was changed is sent', async () => {
  open(incident(1, { description: '原文' }))
  await userEvent.click(await screen.findByRole('button', { name: /^更正/ }))
  const dialog = await screen.findByRole('dialog')
  await userEvent.clear(within(dialog).getByLabelText('受伤'))
  await userEvent.type(within(dialog).getByLabelText('受伤'), '3')
  hub.answers('actOnIncident', incident(1, { revision: 4, casualties: { dead: 0, injured: 3, missing: 0 } }))
  await userEvent.click(within(dialog).getByRole('button', { name: '保存' }))
  await waitFor(() => expect(acts()).toEqual([{ act: 'detail', casualties: { dead: 0, injured: 3, missing: 0 } }]))
  expect(await screen.findByText('死亡 0 · 受伤 3 · 失踪 0')).toBeTruthy()
})

test('a work order is asked for the chosen camera that is down', async () => {
  const chosen = { ...camera(1, 'covers'), state: 'down' as const, chosenAt: now, chosenBy: 'wang', preset: null }
  open(incident(1, { cameras: [chosen, { ...camera(2, 'covers'), chosenAt: now, chosenBy: 'wang', preset: null }] }))
  await userEvent.click(await screen.findByRole('button', { name: '派工单' }))
  const dialog = await screen.findByRole('dialog')
  await userEvent.type(within(dialog).getByLabelText('单位'), '运维公司')
  hub.answers('actOnIncident', incident(1, { revision: 4 }))
  await userEvent.click(within(dialog).getByRole('button', { name: '派工单' }))
  await waitFor(() => expect(acts()).toEqual([{ act: 'work-order', unit: '运维公司', devices: [chosen.device] }]))
})
