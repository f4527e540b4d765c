/** The command view: an incident from the keyboard to the archive, two officers on it, one of them with a phone; plans and rules. */
import { expect, it } from 'vitest'
import type { Desk } from '../support/desk.ts'
import { districtName, type Tour } from './tour.ts'

const phone = { width: 390, height: 844 }
const desk = { width: 1440, height: 900 }
const withinMs = 30_000

export function emergency(tour: Tour): void {
  tour.page('/emergency/plans', 'a plan is written, step by step', async ({ page }) => {
    await page.getByRole('link', { name: '新建预案' }).click()
    await page.getByLabel('名称', { exact: true }).fill('城区火灾处置预案')
    await page.locator('label').filter({ hasText: /^类型/ }).locator('select').selectOption('火灾')
    await page.getByLabel('做什么', { exact: true }).fill('通知消防和供电')
    await page.getByLabel('由谁', { exact: true }).fill('值班长')
    await page.getByLabel('时限（分钟）', { exact: true }).fill('5')
    await page.getByRole('button', { name: '加一步' }).click()
    await page.getByLabel('做什么', { exact: true }).nth(1).fill('疏散周边人员')
    await page.getByLabel('由谁', { exact: true }).nth(1).fill('现场指挥')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByRole('row', { name: /城区火灾处置预案/ }).waitFor()
  })

  it('an incident is entered by keyboard in half a minute, and two officers bring it to the archive', async () => {
    const [one, two] = [await tour.desk('admin'), await tour.desk('second')]
    await two.page.setViewportSize(phone)
    await one.page.bringToFront()
    await one.open('/emergency')
    await one.page.getByText('当前没有处置中的事件').waitFor()
    const began = Date.now()
    await enterByKeyboard(one, tour.camera.name)
    await one.page.getByRole('heading', { level: 1, name: `${districtName} 火灾` }).waitFor()
    expect(Date.now() - began).toBeLessThan(withinMs)

    await two.page.bringToFront()
    await two.open('/emergency')
    await two.page.getByRole('link', { name: `${districtName} 火灾` }).click()
    // On a phone what leads on lies under the thumb.
    const main = two.page.getByRole('button', { name: '确认收到' })
    expect((await main.boundingBox())!.y).toBeGreaterThan(phone.height / 2)
    expect(await two.page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width)
    await main.click()
    expect(await two.look('emergency-phone')).toEqual([])

    await one.page.bringToFront()
    await one.page.getByText('正在查看：second').waitFor()
    await one.page.getByText(/^second · \d\d:\d\d:\d\d$/).waitFor()
    await take(one, 'v', [], '已核实')
    await take(one, 'g', ['2', 'Enter'], '已定级')
    await take(one, 'd', ['消防一站', 'Enter'], '已派出')
    // The camera at the place is near it, and is chosen.
    await one.page.getByRole('button', { name: `选用 ${tour.camera.name}` }).click()
    await one.region('选用的摄像机').getByText(tour.camera.name).waitFor()
    await one.page.getByRole('button', { name: '启动' }).click()
    await one.page.getByText('通知消防和供电').first().waitFor()
    await one.page.keyboard.press('1')
    await one.region('预案 · 城区火灾处置预案').getByText('已完成 admin').waitFor()
    for (const [key, status] of [
      ['s', '已签收'],
      ['p', '已出发'],
      ['r', '已到场'],
      ['h', '处置中'],
    ] as const)
      await take(one, key, [], status)
    expect(await one.look('emergency-incident')).toEqual([])

    // What the first has done stands on the phone of the second, who ends it.
    await two.page.bringToFront()
    await two.page.getByRole('row', { name: /消防一站/ }).waitFor()
    await two.page.getByRole('button', { name: '结束' }).click()
    const dialog = two.page.getByRole('dialog')
    await dialog.getByLabel('说明（必填）', { exact: true }).fill('明火已扑灭，无人受伤')
    await dialog.getByRole('button', { name: '结束' }).click()
    await dialog.waitFor({ state: 'detached' })

    await one.page.bringToFront()
    await one.page.locator('main').getByText('已结束').first().waitFor()
    await take(one, 'w', ['响应及时'], '已复盘')
    await take(one, 'x', [], '已归档')
    const log = one.region('日志')
    await log.getByText('明火已扑灭，无人受伤').waitFor()
    await lookBack(one)
    await log.getByText('明火已扑灭，无人受伤').waitFor()
    await one.page.keyboard.press('Escape')
    await one.page.getByRole('button', { name: '已归档' }).click()
    await one.page.getByRole('link', { name: `${districtName} 火灾` }).waitFor()
    expect(await one.look('emergency-archived')).toEqual([])
    await two.page.setViewportSize(desk)
    expect([...one.trouble, ...two.trouble]).toEqual([])
  })

  tour.page('/emergency/statistics', 'the month counts the incident, with the time of each step', async (desk) => {
    await desk.region('按来源').getByRole('button', { name: '人工录入' }).click()
    await desk.region('各环节用时').getByRole('row', { name: /核实/ }).waitFor()
  })

  tour.page(
    '/emergency/rules',
    'a rule says in plain words what it will do, is rehearsed, and starts in dry run',
    async ({ page }) => {
      await page.getByRole('link', { name: '新建规则' }).click()
      await page.getByLabel('名称', { exact: true }).fill('积水联动')
      await page.getByLabel('标题', { exact: true }).fill('道路积水')
      await page.getByText('积水水位高于 0.3 m 持续 1 分').waitFor()
      await page.getByText('建立事件“道路积水”，或并入 500 米、60 分钟内的同类事件').waitFor()
      await page.getByRole('button', { name: '试算' }).click()
      await page.getByText('会触发 0 次').waitFor()
      await page.getByRole('button', { name: '新建，先试运行' }).click()
      await page.getByRole('heading', { level: 2, name: '积水联动 · v1' }).waitFor()
      await page.getByRole('button', { name: '取消' }).click()
      expect(await page.getByLabel('“积水联动”的状态', { exact: true }).inputValue()).toBe('dry-run')
    },
  )
}

/** From the page of an incident through its time, by keyboard, and back to the page. */
async function lookBack(desk: Desk): Promise<void> {
  const { page } = desk
  await page.getByRole('link', { name: '复盘回放' }).click()
  await page.locator('main').getByText('待核实', { exact: true }).first().waitFor()
  await page.getByRole('slider', { name: '时刻' }).focus()
  await page.keyboard.press('End')
  await page.locator('main').getByText('已归档', { exact: true }).first().waitFor()
  await desk.region('各环节用时与时限').getByRole('row', { name: /结束/ }).waitFor()
  expect(await desk.look('emergency-review')).toEqual([])
  await page.getByRole('link', { name: '返回事件' }).click()
}

/** Type by its first letters, place by a device: nothing is pressed but keys. */
async function enterByKeyboard({ page }: Desk, camera: string): Promise<void> {
  await page.keyboard.press('n')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('hz')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.type(camera)
  await page.getByRole('dialog').getByRole('option').first().waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
}

/** An act by its key: what its form asks for is typed, and the form sent. */
async function take({ page }: Desk, key: string, typed: readonly string[], status: string): Promise<void> {
  await page.keyboard.press(key)
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  for (const one of typed)
    await (one.length > 1 && one !== 'Enter' ? page.keyboard.type(one) : page.keyboard.press(one))
  if (!typed.includes('Enter')) await page.keyboard.press('Control+Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.locator('main').getByText(status, { exact: true }).first().waitFor()
}
