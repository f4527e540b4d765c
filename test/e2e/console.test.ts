/** A person at the console, in real Chromium: logs in, sees the city, and sees a camera go down with no reload. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { districts } from '@hub/contracts'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type City, startCity } from './support/city.ts'

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))
const isBuilt = existsSync(join(resolve(import.meta.dirname, '../..'), 'console/dist/index.html'))
const missing = [...(program ? [] : ['chromium is not installed']), ...(isBuilt ? [] : ['the console is not built'])]
if (missing.length > 0) console.warn(`SKIPPED: the console in real Chromium: ${missing.join(', ')}`)

/** Software rendering, and no sandbox: the tests may run as root. */
const flags = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']
const period = 4

describe.skipIf(missing.length > 0)('the console', () => {
  let city: City
  let browser: Browser
  let page: Page
  const trouble: string[] = []
  beforeAll(async () => {
    city = await startCity({ bus: 'embedded', probeEverySeconds: period })
    await city.allUp(30)
    browser = await chromium.launch({ executablePath: program!, args: flags })
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage()
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => trouble.push(error.message))
    page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()))
    page.on('load', () => loads++)
  })
  let loads = 0
  afterAll(async () => {
    await browser?.close()
    await city?.stop()
  })

  const card = (title: string): Locator => page.getByRole('region', { name: title, exact: true })
  const row = (id: string): Locator => page.getByRole('row').filter({ hasText: id })
  /** Serious and critical findings by WCAG 2.2 A and AA. */
  const violations = async () => {
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)
  }

  it('asks who is there, in Chinese, and refuses a wrong password', async () => {
    await page.goto(city.address)
    await page.getByLabel('用户名').fill('admin')
    await page.getByLabel('密码').fill('not the password')
    expect(await violations()).toEqual([])
    await page.getByRole('button', { name: '登录' }).click()
    await page.getByText('用户名或密码错误。').waitFor()
    trouble.length = 0 // Chromium itself reports the 401
  })

  it('shows twelve districts with their rates', async () => {
    await page.getByLabel('密码').fill(city.login.password)
    await page.getByRole('button', { name: '登录' }).click()
    const league = card('区县').getByRole('row')
    await league.nth(12).waitFor()
    const rows = (await league.allInnerTexts()).slice(1)
    expect(rows.length).toBe(12)
    for (const { zh } of districts) expect(rows.filter((text) => text.includes(zh)).length).toBe(1)
    for (const text of rows) expect(text).toMatch(/100(\.0+)?\s?%/)
    expect(await violations()).toEqual([])
  })

  it('sees a camera go down in the feed, in the league, in the list and in its drawer, with no reload', async () => {
    const camera = (await city.devices('?district=430408&kind=camera'))[0]!
    const loadedBefore = loads
    await city.sims.begin('power-off', { id: camera.id })
    const news = card('实时变化').getByRole('listitem').filter({ hasText: camera.name })
    await news.filter({ hasText: '离线' }).waitFor({ timeout: 3 * period * 1_000 + 5_000 })
    const own = districts.find(({ code }) => code === '430408')!.zh
    await card('区县')
      .getByRole('row')
      .filter({ hasText: own })
      .filter({ hasNotText: /100(\.0+)?\s?%/ })
      .waitFor()

    await page.getByRole('link', { name: '设备', exact: true }).click()
    await row(camera.id).filter({ hasText: '离线' }).waitFor()
    await row(camera.id).click()
    const drawer = page.getByRole('complementary', { name: '设备详情' })
    await drawer.getByText('判定依据').waitFor()
    expect(await drawer.textContent()).toContain('离线')
    expect(await violations()).toEqual([])

    await city.sims.clear({ id: camera.id })
    await row(camera.id).filter({ hasText: '在线' }).waitFor()
    await drawer.getByText('在线', { exact: true }).first().waitFor()
    expect(loads).toBe(loadedBefore)
  })

  it('speaks English when asked', async () => {
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'EN', exact: true }).click()
    await page.getByRole('link', { name: 'Devices', exact: true }).waitFor()
    await page.getByRole('link', { name: 'Overview', exact: true }).click()
    await card('Districts').getByRole('row').nth(12).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    const text = (await page.locator('.frame').textContent()) ?? ''
    const chinese = [...text.matchAll(/[\u4e00-\u9fff]+/g)].map(([word]) => word)
    const devices = (await city.devices()).map(({ name }) => name)
    // Names of devices stay as the record has them; the switch names the other language in its own.
    expect(chinese.filter((word) => word !== '中' && !devices.some((name) => name.includes(word)))).toEqual([])
    expect(await violations()).toEqual([])
  })

  it('has had no error of its own', () => {
    expect(trouble).toEqual([])
  })
})
