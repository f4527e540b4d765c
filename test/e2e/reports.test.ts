/** What is reported, at the console in real Chromium: an exemption is applied for, a second person approves it, and the figures follow. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn } from '../../infra/demo/hub-client.ts'
import { type City, startCity } from './support/city.ts'

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))
const isBuilt = existsSync(join(resolve(import.meta.dirname, '../..'), 'console/dist/index.html'))
const missing = [...(program ? [] : ['chromium is not installed']), ...(isBuilt ? [] : ['the console is not built'])]
if (missing.length > 0) console.warn(`SKIPPED: the reports in real Chromium: ${missing.join(', ')}`)

const flags = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']
const second = { user: 'second', password: 'a second person' }

describe.skipIf(missing.length > 0)('the reports', () => {
  let city: City
  let browser: Browser
  let page: Page
  const trouble: string[] = []
  beforeAll(async () => {
    city = await startCity({ bus: 'embedded', probeEverySeconds: 4 })
    await city.allUp(30)
    await createSecond(city)
    browser = await chromium.launch({ executablePath: program!, args: flags })
    page = await enter(await browser.newContext(settings), city.login)
  })
  afterAll(async () => {
    await browser?.close()
    await city?.stop()
  })

  const settings = { viewport: { width: 1440, height: 900 }, locale: 'zh-CN' }
  async function enter(context: BrowserContext, { user, password }: typeof second): Promise<Page> {
    const opened = await context.newPage()
    opened.setDefaultTimeout(15_000)
    opened.on('pageerror', (error) => trouble.push(error.message))
    await opened.goto(`${city.address}/reports/adjustments`)
    await opened.getByLabel('用户名').fill(user)
    await opened.getByLabel('密码').fill(password)
    await opened.getByRole('button', { name: '登录' }).click()
    await opened.getByRole('link', { name: '豁免与更正' }).waitFor()
    return opened
  }
  const region = (on: Page, name: string | RegExp): Locator => on.getByRole('region', { name })
  const violations = async () => {
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)
  }

  it('shows what an exemption would change before it is applied for', async () => {
    await page.getByRole('link', { name: '申请' }).click()
    await page.getByRole('button', { name: '提交申请' }).click()
    await page.getByText('请至少填写一个。').waitFor()

    await page.getByRole('button', { name: '区县', exact: true }).click()
    await page.getByLabel('蒸湘区').check()
    const [from, to] = [-1, 1].map((hours) => wall(Date.now() + hours * 3_600_000))
    await page.getByLabel('开始（北京时间）').fill(from!)
    await page.getByLabel(/^结束（北京时间）/).fill(to!)
    await region(page, '预计影响').getByRole('row').filter({ hasText: '蒸湘区' }).filter({ hasText: '豁免' }).waitFor()

    await page.getByLabel('原因').fill('线路检修停电')
    await page.getByLabel('申请单位或人').fill('衡阳供电公司')
    await page.getByRole('button', { name: '提交申请' }).click()
    const own = region(page, /区县：蒸湘区/)
    await own.getByText('须由另一人批准或拒绝').waitFor()
    expect(await own.getByRole('button', { name: '批准', exact: true }).count()).toBe(0)
    expect(await violations()).toEqual([])
  })

  it('is approved by a second person, and whoever applied sees it with no reload', async () => {
    const context = await browser.newContext(settings)
    const theirs = await enter(context, second)
    await theirs.getByRole('link', { name: /区县：蒸湘区/ }).click()
    await theirs.getByRole('button', { name: '批准', exact: true }).click()
    await theirs.getByLabel('批注').fill('属实')
    await theirs.getByRole('dialog').getByRole('button', { name: '批准', exact: true }).click()
    await region(page, /区县：蒸湘区/)
      .getByText('已批准')
      .waitFor()
    await region(page, /区县：蒸湘区/)
      .getByText('批准前后')
      .waitFor()
    await context.close()
  })

  it('exports in the background, and the file is there', async () => {
    await page.getByRole('button', { name: '导出', exact: true }).click()
    await page.getByRole('button', { name: 'CSV', exact: true }).click()
    await page.getByRole('link', { name: '查看导出' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /^下载/ }).click(),
    ])
    const text = readFileSync((await download.path())!, 'utf8')
    expect(text).toContain('线路检修停电')
  })

  it('shows the progress and the empty month, each clean', async () => {
    await page.getByRole('link', { name: '建设进度' }).click()
    await page.getByRole('row').filter({ hasText: '蒸湘区' }).waitFor()
    expect(await violations()).toEqual([])
    await page.getByRole('link', { name: '考核评分' }).click()
    await page.getByRole('button', { name: '生成草稿' }).waitFor()
    expect(await violations()).toEqual([])
  })

  it('has had no error of its own', () => expect(trouble).toEqual([]))
})

/** An operator, by the security administrator whose first password the hub shows once. */
async function createSecond(city: City): Promise<void> {
  const log = readFileSync(join(city.data, '..', 'logs', 'hub.log'), 'utf8')
  const password = /first login: user security password (\S+)/.exec(log)?.[1]
  const security = await logIn(city.address, 'security', password ?? '')
  const user = { ...second, role: 'operator', districts: 'city' }
  await security.post('/users', JSON.stringify(user)).catch((error: unknown) => {
    // 204: there is nothing to parse.
    if (!(error instanceof SyntaxError)) throw error
  })
  await security.logOut()
}

/** As a date-time picker takes it, in the city's time. */
const wall = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16)
