/** A real Chromium for tests and benchmarks. */
import { type Browser, chromium } from 'playwright-core'
import { commandPath, type Need } from '../../support/machine.ts'

/** What a suite needs that shows the console in a browser. */
export const browserNeeds: readonly Need[] = ['chromium', 'console']

/** Software rendering, and no sandbox: the tests may run as root. */
const flags = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']

export function startBrowser(): Promise<Browser> {
  const program = commandPath('/usr/bin/chromium') ?? commandPath('/usr/bin/chromium-browser')
  if (!program) throw new Error('chromium is not installed')
  return chromium.launch({ executablePath: program, args: flags })
}

/** A context whose pages are logged in, and speak Chinese as the console does by itself. @param cookie `name=value` */
export async function loggedIn(browser: Browser, address: string, cookie: string) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  const [name, value] = [cookie.slice(0, cookie.indexOf('=')), cookie.slice(cookie.indexOf('=') + 1)]
  await context.addCookies([{ name, value, url: address }])
  return context
}
