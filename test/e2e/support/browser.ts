/** A real Chromium for tests and benchmarks, and what is missing for one. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))
const isBuilt = existsSync(join(resolve(import.meta.dirname, '../../..'), 'console/dist/index.html'))

/** Why no browser can be shown the console; empty when one can. */
export const missing: readonly string[] = [
  ...(program ? [] : ['chromium is not installed']),
  ...(isBuilt ? [] : ['the console is not built']),
]

/** Software rendering, and no sandbox: the tests may run as root. */
const flags = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']

export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath: program!, args: flags })

/** A context whose pages are logged in, and speak Chinese as the console does by itself. @param cookie `name=value` */
export async function loggedIn(browser: Browser, address: string, cookie: string) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  const [name, value] = [cookie.slice(0, cookie.indexOf('=')), cookie.slice(cookie.indexOf('=') + 1)]
  await context.addCookies([{ name, value, url: address }])
  return context
}
