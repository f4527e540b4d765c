/**
 * A night on duty, in real Chromium: a switch fails, one outage stands on the board with its cause, it is handled by keyboard, the
 * contractor repairs and proves it, it resolves by itself, it is closed; and the audit knows who did what.
 */
import { join } from 'node:path'
import type { OutageBoard, WorkOrderList } from '@hub/contracts'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type HubClient, logIn } from '../../../infra/demo/hub-client.ts'
import { describeWith } from '../../support/need.ts'
import { browserNeeds, startBrowser } from '../support/browser.ts'
import { type City, startCity } from '../support/city.ts'
import { type Desk, sitDown } from '../support/desk.ts'
import { readInEnglish } from '../support/english.ts'
import { makeUsers } from '../support/people.ts'
import { until } from '../support/until.ts'
import { type Heard, hear } from './hear.ts'
import { writeYesterday } from './past.ts'

/** Seconds. Long enough that a busy machine makes no gateway look silent. */
const period = 6
/** Twelve devices on five poles and two meter boxes: four more of its carrier and seven more of its district stay up. */
const broken = 'SW-430405-D0001'
const [size, district, elsewhere] = [12, '430405', '430481'] as const
const password = 'a long night awake'
const users = [
  { user: 'duty', role: 'operator', districts: 'city' },
  { user: 'repair', role: 'contractor', districts: [district], unit: '中国电信衡阳分公司' },
  { user: 'leiyang', role: 'operator', districts: [elsewhere] },
  { user: 'auditor', role: 'auditor', districts: 'city' },
] as const

describeWith('a night on duty', browserNeeds, () => {
  let city: City
  let browser: Browser
  let duty: Desk
  let outage: string
  let order: string
  let heard: Heard
  const cut = () => city.sims.begin('network-cut', { switch: broken })
  const mend = () => city.sims.clear({ switch: broken })
  const board = (hub: HubClient) => hub.get<OutageBoard>('/outages')
  const all: Desk[] = []
  const sit = async (user: string) => {
    const desk = await sitDown(browser, city.address, { user, password })
    all.push(desk)
    return desk
  }

  beforeAll(async () => {
    city = await startCity({
      bus: 'embedded',
      cameras: 160,
      sensors: 24,
      searched: 26,
      probeEverySeconds: period,
      policy: { outages: { resolveAfterSeconds: 6 }, repair: { provenMinutes: 0.15 } },
    })
    const security = await logIn(city.address, city.security.user, city.security.password)
    await makeUsers(city.address, security, users, password)
    await city.allUp(90)
    const own = (await city.sims.devices()).filter((device) => device.switch === broken).map(({ id }) => id)
    writeYesterday(join(city.data, 'record.db'), broken, district, own)
    browser = await startBrowser()
  }, 300_000)
  afterAll(async () => {
    heard?.close()
    await browser?.close()
    await city?.stop()
  })

  // With E2E_SHOTS set, pictures of what a failed test last saw are kept there.
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || !process.env.E2E_SHOTS) return
    for (const [n, { page, trouble }] of all.entries()) {
      console.log(page.url(), trouble)
      await page.screenshot({
        path: `${process.env.E2E_SHOTS}/failed-${task.name.slice(0, 24).replaceAll(' ', '-')}-${n}.png`,
      })
    }
  })

  it('an empty board says that all is calm', async () => {
    duty = await sit('duty')
    await duty.page.getByRole('link', { name: '故障', exact: true }).click()
    await duty.page.getByText('全市平静').waitFor()
    expect(await duty.look('1-empty')).toEqual([])
  })

  it('a switch that fails is one outage on the board by itself, with its cause and why', async () => {
    const other = await logIn(city.address, 'leiyang', password)
    heard = await hear(city.address, other.cookie)
    const loads = duty.loads()
    expect(await cut()).toBe(size)
    const row = duty.page.getByRole('row').filter({ has: duty.page.getByRole('link', { name: `交换机 ${broken}` }) })
    await row.waitFor({ timeout: 90_000 })
    outage = new URL((await row.getByRole('link').getAttribute('href'))!, city.address).pathname.split('/').at(-1)!
    await row.filter({ hasText: `${size}/${size} 台` }).waitFor({ timeout: 90_000 })
    expect(await duty.page.getByRole('grid').getAttribute('aria-rowcount')).toBe('1')
    expect(await row.textContent()).toMatch(new RegExp(`${size} 台全部.*失联`))
    expect(await row.textContent()).toContain('珠晖区')
    expect(duty.loads()).toBe(loads)
    expect(await duty.look('2-board')).toEqual([])
  })

  it('is acknowledged, assigned and opened with the keyboard alone', async () => {
    const { page } = duty
    // As on a fresh page: nothing has the focus, and the keys are the board's at once.
    await page.evaluate('document.activeElement.blur()')
    await page.keyboard.press('j')
    await page.keyboard.press('a')
    await page.getByRole('status').filter({ hasText: '已确认' }).waitFor()
    await page.keyboard.press('e')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    expect(await duty.look('3-assign')).toEqual([])
    await duty.tabTo(dialog.getByLabel('用户名'))
    // Whoever acknowledges has it; who it goes to is typed over.
    await page.keyboard.press('Control+A')
    await page.keyboard.type('nobody-here')
    await page.keyboard.press('Enter')
    const refused = dialog.getByRole('alert')
    await refused.waitFor()
    expect(await refused.textContent()).not.toMatch(/must be/)
    await duty.tabTo(dialog.getByLabel('用户名'))
    await page.keyboard.press('Control+A')
    await page.keyboard.type('duty')
    await page.keyboard.press('Enter')
    await page.getByRole('row').filter({ hasText: broken }).filter({ hasText: 'duty' }).waitFor()
    await dialog.waitFor({ state: 'detached' })
    await duty.tabTo(page.getByRole('grid'))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: `交换机 ${broken}` }).waitFor()
    expect(page.url()).toContain(`/outages/${outage}`)
  })

  it('its page tells why, who, where, what happened, and that it happened before', async () => {
    const { page } = duty
    await duty.region('原因与依据').getByText(`${size} 台全部`).waitFor()
    await duty.region('位置').locator('canvas').waitFor()
    expect(await page.getByRole('table', { name: '成员设备' }).getByRole('row').count()).toBe(size + 1)
    await duty
      .region('类似的历史故障')
      .getByRole('row')
      .filter({ hasText: `${size} 台相同` })
      .waitFor()
    await duty.tabTo(page.getByRole('textbox', { name: '批注' }))
    await page.keyboard.type('机房已有人前往')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const story = duty.region('经过')
    await story.getByText('机房已有人前往').waitFor()
    const told = await story.textContent()
    for (const words of ['发现故障', 'duty 确认了故障', 'duty 分派', 'duty 批注']) expect(told).toContain(words)
    // The map draws once more when its tiles are there.
    await page.waitForTimeout(1_500)
    expect(await duty.look('4-page')).toEqual([])
  })

  it('who may see another district only sees nothing of it', async () => {
    const other = await sit('leiyang')
    await other.page.getByRole('link', { name: '故障', exact: true }).click()
    await other.page.getByText('全市平静').waitFor()
    await other.page.goto(`${city.address}/outages/${outage}`)
    await other.page.getByText('没有这起故障').waitFor()
    expect(await other.look('5-elsewhere')).toEqual([])
    const client = await logIn(city.address, 'leiyang', password)
    expect((await board(client)).total).toBe(0)
    const own = await city.devices(`?district=${district}`)
    const text = heard.text()
    expect(text).toContain('event: snapshot')
    for (const word of [outage, broken, ...own.map(({ id }) => id)]) expect(text).not.toContain(word)
  })

  it('a work order is issued from its page', async () => {
    const { page } = duty
    await duty.tabTo(page.getByRole('button', { name: '派发工单' }))
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    expect(await duty.look('6-issue')).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: '派发工单' }).press('Enter')
    await page.getByRole('heading', { level: 1, name: /^GD-\d{8}-\d{4}/ }).waitFor()
    order = new URL(page.url()).pathname.split('/').at(-1)!
    expect(await duty.look('7-order')).toEqual([])
  })

  it('the contractor receives it, and cannot call it done while it is not', async () => {
    const repair = await sit('repair')
    await repair.page.getByRole('link', { name: '故障', exact: true }).click()
    await repair.page.getByRole('link', { name: '我的工作' }).click()
    await duty.page.bringToFront()
    await repair.region('待我办理的工单').getByRole('link', { name: /^GD-/ }).waitFor()
    expect(await repair.look('8-work')).toEqual([])
    await repair.region('待我办理的工单').getByRole('link', { name: /^GD-/ }).click()
    await step(repair, '接收')
    await repair.page.getByText('维修中').waitFor()
    expect(await repair.page.getByRole('button', { name: '修复完成' }).isDisabled()).toBe(true)
    await repair.page.getByText(`还有 ${size} 台未恢复`).waitFor()
    expect(await repair.look('9-not-yet')).toEqual([])
    const refused = await logIn(city.address, 'repair', password)
    await expect(
      refused.post(`/work-orders/${order}/steps`, JSON.stringify({ step: 'done', note: '已修复' })),
    ).rejects.toThrow(/409/)
  })

  it('it resolves by itself on the screen when the devices are back', async () => {
    const { page } = duty
    await page.goto(`${city.address}/outages/${outage}`)
    await page.getByRole('heading', { level: 1, name: `交换机 ${broken}` }).waitFor()
    const loads = duty.loads()
    await mend()
    await page.locator('header').getByText('已恢复', { exact: true }).waitFor({ timeout: 90_000 })
    await duty.region('经过').getByText('中枢 标为已恢复').waitFor()
    expect(duty.loads()).toBe(loads)
    expect(await duty.look('10-resolved')).toEqual([])
  })

  it('done, verified and closed, both of them', async () => {
    const repair = all.find(({ page }) => page.url().endsWith(`/orders/${order}`))!
    await until(
      async () => {
        const { orders, asOf } = await city.hub.get<WorkOrderList>('/work-orders')
        const since = orders.find(({ id }) => id === order)?.upSince
        return since && asOf - since > 9_000
      },
      60,
      'the devices have been up long enough',
    )
    await repair.page.getByText(`0/${size} 台`).waitFor()
    await step(repair, '修复完成', '更换交换机电源')
    await repair.page.getByText('待核验').waitFor()

    const { page } = duty
    await duty.region('工单').getByRole('link', { name: /^GD-/ }).click()
    await step(duty, '核验通过')
    await step(duty, '关闭')
    await duty.region('证据链').getByText('已核对').waitFor()
    expect(await duty.look('11-order-closed')).toEqual([])
    await page.getByRole('link', { name: '查看故障' }).click()
    await step(duty, '关闭')
    await page.locator('header').getByText('已关闭', { exact: true }).waitFor()
    await page.getByRole('link', { name: '故障', exact: true }).click()
    await page.getByText('全市平静').waitFor()
  })

  it('the audit has every step with its actor', async () => {
    const auditor = await sit('auditor')
    await auditor.page.goto(`${city.address}/settings/audit`)
    const find = async (subject: string) => {
      await auditor.page.getByLabel('对象（完整编码或编号）').fill(subject)
      const rows = auditor.page.getByRole('row').filter({ hasText: subject })
      await auditor.page.getByRole('row').filter({ hasNotText: subject }).nth(1).waitFor({ state: 'detached' })
      await rows.first().waitFor()
      const cells = await rows.evaluateAll((list) =>
        list.map((row) => [...row.querySelectorAll('td')].slice(2, 4).map((cell) => cell.textContent)),
      )
      return cells.map((cell) => cell.join(' ')).reverse()
    }
    expect(await find(outage)).toEqual([
      'duty 确认故障',
      'duty 分派故障',
      'duty 批注故障',
      // With its work order it is being worked on.
      'duty 开始处理故障',
      'hub 故障标为已恢复',
      'duty 关闭故障',
    ])
    expect(await find(order)).toEqual([
      'duty 派发工单',
      'repair 接收工单',
      'repair 工单报告修复完成',
      'duty 工单核验通过',
      'duty 关闭工单',
    ])
    expect(await auditor.look('12-audit')).toEqual([])
  })

  it('speaks English when asked, with no Chinese but names', async () => {
    const paths = ['/outages?view=all', `/outages/${outage}`, '/orders?view=all', `/orders/${order}`, '/work']
    expect(await readInEnglish(duty, city.address, paths)).toEqual([])
  })

  it('no page had an error of its own', () => expect(all.flatMap(({ trouble }) => trouble)).toEqual([]))
})

/** Takes a step of an order or an outage through its dialog, with a note where one is given. */
async function step(desk: Desk, name: string, note = ''): Promise<void> {
  await desk.page.locator('header').getByRole('button', { name, exact: true }).click()
  const dialog = desk.page.getByRole('dialog')
  if (note) await dialog.getByRole('textbox').last().fill(note)
  await dialog.getByRole('button', { name, exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}
