/** The board in a real Chromium while everything fails: when it shows what, and whether it answers to keys. */
import type { Page } from 'playwright-core'
import { loggedIn, startBrowser } from '../../e2e/support/browser.ts'
import { until } from '../../e2e/support/until.ts'

/** Each is UTC milliseconds of the frame, or a stretch in ms where it says so. */
export type Screen = {
  firstRow(): Promise<number>
  /** When so many devices were counted in the board's head. */
  whole(devices: number): Promise<number>
  /** From the first key to the page of the first outage, its members in it; ms. */
  openWithKeyboard(): Promise<number>
  /** A page opened now: until its board can be used, and from the first key to the page of an outage; ms. */
  anew(): Promise<{ board: number; page: number }>
  close(): Promise<void>
}

const board = '[role="grid"]'
const patienceMs = 120_000

export async function openBoard(address: string, cookie: string): Promise<Screen> {
  const browser = await startBrowser()
  const context = await loggedIn(browser, address, cookie)
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  await page.goto(`${address}/outages`)
  await page.getByRole('region', { name: '故障板' }).waitFor()
  await page.evaluate(watchBoard)
  // Not waitForFunction: the hub's content security policy lets no page evaluate text.
  const seen = (what: string) =>
    until(async () => (await page.evaluate(`window.seen(${what})`)) as number, patienceMs / 1_000, what, 50)
  return {
    firstRow: () => seen('({ rows }) => rows > 0'),
    whole: (devices) => seen(`({ text }) => text.includes('${devices.toLocaleString('en')} 台失联')`),
    openWithKeyboard: () => openFirst(page),
    async anew() {
      const other = await context.newPage()
      const began = performance.now()
      await other.goto(`${address}/outages`)
      await other.locator(`${board} [role="row"] a`).first().waitFor()
      await other.locator(board).focus()
      await other.keyboard.press('ArrowDown')
      await other.locator('[role="row"][aria-selected="true"]').waitFor()
      const usable = performance.now() - began
      return { board: usable, page: await openFirst(other) }
    },
    close: () => browser.close(),
  }
}

async function openFirst(page: Page): Promise<number> {
  await page.locator(board).focus()
  const began = performance.now()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await page.getByRole('table', { name: '成员设备' }).getByRole('row').nth(1).waitFor()
  return performance.now() - began
}

/** Runs in the page: what each frame showed, and when; `seen` answers with the first frame of which something was true. */
const watchBoard = `{
  const frames = []
  let waits = false
  const look = () => {
    if (waits) return
    waits = true
    requestAnimationFrame(() => requestAnimationFrame(() => {
      waits = false
      const head = document.querySelector('main')?.textContent ?? ''
      frames.push({ at: Date.now(), rows: document.querySelectorAll('[role="grid"] [role="row"] a').length, text: head.slice(0, 400) })
    }))
  }
  look()
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true })
  window.seen = (is) => frames.find(is)?.at ?? 0
}`
