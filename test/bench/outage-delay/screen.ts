/** The live board in a real Chromium, and when each outage was first drawn on it. */
import { browserNeeds, loggedIn, startBrowser } from '../../e2e/support/browser.ts'
import { lacking } from '../../support/machine.ts'

export type Screen = {
  /** By id of the outage: when the frame that shows its row was drawn; UTC milliseconds, of this machine's clock as all else. */
  drawn(): Promise<Map<string, number>>
  /** How often the page was loaded: once, if the board is live. */
  loads(): number
  close(): Promise<void>
}

/** @param cookie of a session @returns undefined, loudly, where there is no Chromium or no console */
export async function openBoard(address: string, cookie: string): Promise<Screen | undefined> {
  const missing = lacking(browserNeeds).map(({ what }) => what)
  if (missing.length > 0) return void console.warn(`SKIPPED: the screen: ${missing.join(', ')}`)
  const browser = await startBrowser()
  const page = await (await loggedIn(browser, address, cookie)).newPage()
  let loads = 0
  page.on('load', () => loads++)
  await page.goto(`${address}/outages`)
  await page.getByRole('region', { name: '故障板' }).waitFor()
  await page.evaluate(watchRows)
  return {
    drawn: async () => new Map((await page.evaluate('[...window.drawn]')) as [string, number][]),
    loads: () => loads,
    close: () => browser.close(),
  }
}

/** Runs in the page, whose names this project's types do not know. A row is on the screen in the frame after the one that laid it out. */
const watchRows = `{
  const drawn = (window.drawn = new Map())
  const look = () => {
    for (const link of document.querySelectorAll('[role="row"] a[href*="/outages/"]')) {
      const id = decodeURIComponent(link.pathname.split('/').at(-1))
      if (drawn.has(id)) continue
      drawn.set(id, Number.POSITIVE_INFINITY)
      requestAnimationFrame(() => requestAnimationFrame(() => drawn.set(id, Date.now())))
    }
  }
  look()
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true })
}`
