/** The console in a real Chromium: how long a person waits for each page, how long the page's own thread is held, and what heap it keeps. */
import type { CDPSession, Page } from 'playwright-core'
import { startBrowser } from '../../e2e/support/browser.ts'
import { until } from '../../e2e/support/until.ts'
import { rounded } from '../report/timed.ts'

export type Figures = {
  /** From the click until what was asked for stands on the screen. */
  drawn_ms: number
  /** CPU that the page's thread took, from the click until the page is left: on a busy machine the one figure that repeats. */
  cpu_ms: number
  /** Tasks above 50 ms of the page's thread, from the click until the page is left: how many, in all, the longest. */
  long_tasks: number
  long_ms: number
  longest_ms: number
  /** When the page is left, after a collection. */
  heap_mb: number
}

const patienceMs = 120_000
const number = (value: unknown) => rounded(value as number, 0)

export async function openScreen() {
  const browser = await startBrowser()
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const cpuMs = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return 1_000 * metrics.find(({ name }) => name === 'TaskDuration')!.value
  }
  await page.addInitScript({ content: watchTasks })

  return {
    page,
    /**
     * @param act what the person does
     * @param drawn resolves when the page shows what was asked for
     * @param stay how long it is looked at afterwards while the city moves, ms
     */
    async visit(act: () => Promise<unknown>, drawn: () => Promise<unknown>, stay: number): Promise<Figures> {
      await page.evaluate('window.longTasks?.splice(0)')
      const cpu = await cpuMs()
      const began = performance.now()
      await act()
      await drawn()
      // The frame after the one that laid it out.
      await page.evaluate('new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))')
      const drawnMs = performance.now() - began
      await page.waitForTimeout(stay)
      const tasks = (await page.evaluate('window.longTasks')) as number[]
      const sum = tasks.reduce((all, one) => all + one, 0)
      return {
        drawn_ms: number(drawnMs),
        cpu_ms: number((await cpuMs()) - cpu),
        long_tasks: tasks.length,
        long_ms: number(sum),
        longest_ms: number(Math.max(0, ...tasks)),
        heap_mb: await heapOf(devtools),
      }
    },
    /** Scrolls the list by half a page a frame: how long the frames took, and what each cost the page's thread. */
    async scroll(
      selector: string,
    ): Promise<{ frame_p50_ms: number; frame_p95_ms: number; frame_max_ms: number; frame_cpu_ms: number }> {
      const cpu = await cpuMs()
      const frames = (await page.evaluate(`(${scrollBy})(${JSON.stringify(selector)})`)) as number[]
      const sorted = frames.toSorted((a, b) => a - b)
      const at = (share: number) => number(sorted[Math.floor((sorted.length - 1) * share)])
      const frameCpu = ((await cpuMs()) - cpu) / frames.length
      return { frame_p50_ms: at(0.5), frame_p95_ms: at(0.95), frame_max_ms: at(1), frame_cpu_ms: rounded(frameCpu, 1) }
    },
    close: () => browser.close(),
  }
}

async function heapOf(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  return rounded(usedSize / 1e6, 1)
}

/** Waits until an expression of the page is true. Not waitForFunction: the hub's content security policy lets no page evaluate text. */
export const seen = (page: Page, what: string) =>
  until(async () => (await page.evaluate(what)) as boolean, patienceMs / 1_000, what, 20)

/** Both run in the page, whose names this project's types do not know. */
const watchTasks = `{
  window.longTasks = []
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasks.push(duration)
  }).observe({ type: 'longtask' })
}`
const scrollBy = `async (selector) => {
  const box = document.querySelector(selector)
  const frames = []
  let last = performance.now()
  for (let n = 0; n < 120; n++) {
    box.scrollTop = (n % 60) * (box.clientHeight / 2)
    await new Promise((next) => requestAnimationFrame(next))
    const now = performance.now()
    if (n > 0) frames.push(now - last)
    last = now
  }
  return frames
}`
