/** A desk with a browser on it: who sits there, what the page says, and whether it can be used by everybody. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Locator, Page } from 'playwright-core'
import type { Login } from '../../../infra/demo/files.ts'

export type Desk = {
  readonly page: Page
  /** What went wrong by itself: errors that the page threw or wrote to the console, answers of the kind 5xx, requests without an answer. */
  readonly trouble: readonly string[]
  /** How often a page was loaded: what comes without is live. */
  loads(): number
  region(name: string | RegExp): Locator
  /** The row of any table or grid with this text. */
  row(text: string): Locator
  /** Goes to a page by the links of the navigation alone. @param path without a query */
  open(path: string): Promise<void>
  /** Paths of every page that a link of the navigation leads to, in the order of the links. */
  linked(): Promise<string[]>
  /** Presses Tab until what has the focus is this; nothing else than the keyboard is used. @throws after a whole round */
  tabTo(target: Locator): Promise<void>
  /** Serious and critical findings by WCAG 2.2 A and AA. With E2E_SHOTS set a picture of it is kept there. */
  look(name: string): Promise<string[]>
}

/** A browser window at the login. */
export async function openWindow(browser: Browser, address: string): Promise<Desk> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  const page = await context.newPage()
  let loads = 0
  page.setDefaultTimeout(30_000)
  page.on('load', () => loads++)
  const trouble = watch(page)
  await page.goto(address)

  const links = async () => {
    const found = await page.locator('nav a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
    return [...new Set(found.map((href) => new URL(href, address).pathname))]
  }
  /** The link at the left, and then the tab. */
  const follow = async (path: string) => {
    await page.locator(`nav a[href="${path}"], nav a[href^="${path}?"]`).first().click()
    await page.waitForURL((url) => url.pathname.startsWith(path))
    await page.locator('main h1').first().waitFor({ state: 'attached' })
  }
  return {
    page,
    trouble,
    loads: () => loads,
    region: (name) => page.getByRole('region', { name, ...(typeof name === 'string' && { exact: true }) }),
    row: (text) => page.getByRole('row').filter({ hasText: text }),
    async open(path) {
      const first = (await links()).includes(path) ? path : await sectionOf(path, page.locator('nav').first())
      await follow(first)
      if (first === path) return
      await page.locator(`nav a[href="${path}"], nav a[href^="${path}?"]`).first().waitFor()
      await follow(path)
    },
    async linked() {
      const all: string[] = []
      for (const section of await links()) {
        await follow(section)
        for (const path of await links()) if (!all.includes(path)) all.push(path)
      }
      // A section with tabs shows the first of them.
      return all.filter((path) => path === '/' || !all.some((other) => other.startsWith(`${path}/`)))
    },
    async tabTo(target) {
      for (let presses = 0; presses < 150; presses++) {
        if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`the Tab key never comes to ${target}`)
    },
    async look(name) {
      // What fades in has the contrast of its end, and is judged there.
      await page.evaluate(`Promise.all(document.getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
        .map((animation) => animation.finished.catch(() => {})))`)
      if (process.env.E2E_SHOTS) {
        mkdirSync(process.env.E2E_SHOTS, { recursive: true })
        await page.screenshot({ path: join(process.env.E2E_SHOTS, `${name}.png`), animations: 'disabled' })
      }
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze()
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${name}: ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
    },
  }
}

/** Logs in as anybody does. */
export async function enter({ page }: Desk, login: Login): Promise<void> {
  await page.getByLabel('用户名').fill(login.user)
  await page.getByLabel('密码').fill(login.password)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('navigation', { name: '数字衡阳' }).waitFor()
}

export async function sitDown(browser: Browser, address: string, login: Login): Promise<Desk> {
  const desk = await openWindow(browser, address)
  await enter(desk, login)
  return desk
}

/** Of the links at the left, the one that a page without a link of its own stands under. */
async function sectionOf(path: string, rail: Locator): Promise<string> {
  // Work orders and one's own work stand under the outages.
  const of = ['orders', 'work'].includes(path.split('/')[1]!) ? 'outages' : path.split('/')[1]!
  const href = await rail.locator(`a[href^="/${of}"]`).first().getAttribute('href')
  return href!.split('?')[0]!
}

function watch(page: Page): readonly string[] {
  const trouble: string[] = []
  page.on('pageerror', (error) => trouble.push(`uncaught: ${error.message}`))
  page.on('console', (message) => {
    // A refusal (4xx) is an answer, which Chromium reports by itself: the login of a wrong password, an outage of another district.
    if (message.type() === 'error' && !/^Failed to load resource: .* status of 4\d\d/.test(message.text()))
      trouble.push(`console: ${message.text()}`)
  })
  page.on('response', (answer) => {
    if (answer.status() >= 500) trouble.push(`${answer.status()} ${answer.request().method()} ${answer.url()}`)
  })
  page.on('requestfailed', (request) => {
    // A page that is left lets go of what it still waited for, the live stream above all; a download is not the page's.
    const why = request.failure()?.errorText ?? ''
    if (why !== 'net::ERR_ABORTED') trouble.push(`${why} ${request.method()} ${request.url()}`)
  })
  return trouble
}
