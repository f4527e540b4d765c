/** A desk with a browser on it: who sits there, what the page says, and whether it can be used by everybody. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Locator, Page } from 'playwright-core'

export type Desk = {
  readonly page: Page
  /** Errors of the page itself. */
  readonly trouble: readonly string[]
  /** How often a page was loaded: what comes without is live. */
  loads(): number
  region(name: string): Locator
  /** Presses Tab until what has the focus is this; nothing else than the keyboard is used. @throws after a whole round */
  tabTo(target: Locator): Promise<void>
  /** Serious and critical findings by WCAG 2.2 A and AA. With E2E_SHOTS set a picture of it is kept there. */
  look(name: string): Promise<string[]>
}

/** Logs in as anybody does. */
export async function sitDown(
  browser: Browser,
  address: string,
  login: { user: string; password: string },
): Promise<Desk> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  const page = await context.newPage()
  const trouble: string[] = []
  let loads = 0
  page.setDefaultTimeout(30_000)
  page.on('pageerror', (error) => trouble.push(error.message))
  page.on('load', () => loads++)
  await page.goto(address)
  await page.getByLabel('用户名').fill(login.user)
  await page.getByLabel('密码').fill(login.password)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('navigation', { name: '数字衡阳' }).waitFor()
  return {
    page,
    trouble,
    loads: () => loads,
    region: (name) => page.getByRole('region', { name, exact: true }),
    async tabTo(target) {
      for (let presses = 0; presses < 150; presses++) {
        if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`the Tab key never comes to ${target}`)
    },
    async look(name) {
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
