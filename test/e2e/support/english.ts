/** The console in English: what is the console's own word has no Chinese in it; what the record has stays as it is. */
import type { Page } from 'playwright-core'
import type { Desk } from './desk.ts'
import { until } from './until.ts'

/**
 * Reads pages in English, as anybody who presses EN does.
 * @param paths with their queries
 * @returns words that are Chinese though the hub has sent nothing with them in it, and what axe finds
 */
export async function readInEnglish(
  { page, look }: Desk,
  address: string,
  paths: readonly string[],
): Promise<string[]> {
  const sent: Promise<string>[] = []
  page.on('response', (answer) => {
    if (answer.headers()['content-type']?.includes('json')) sent.push(answer.text().catch(() => ''))
  })
  await page.bringToFront()
  await page.getByRole('button', { name: 'EN', exact: true }).click()
  const left: string[] = []
  for (const path of paths) {
    await page.goto(address + path)
    await page.locator('main h1').first().waitFor({ state: 'attached' })
    await settled(page)
    left.push(...(await look(`english-${path.slice(1).replaceAll(/\W/g, '-')}`)))
    const data = (await Promise.all(sent)).join('\n')
    const texts = (await page.evaluate(textNodes)) as string[]
    // Languages are named in their own.
    for (const [words] of texts.flatMap((text) => [...text.matchAll(/[\u4e00-\u9fff]+/g)]))
      if (words !== '中' && words !== '中文' && !data.includes(words)) left.push(`${path}: ${words}`)
  }
  return left
}

/** Until nothing is on its way any more, and what stands there stays; figures go on. */
async function settled(page: Page): Promise<void> {
  let before = ''
  await until(
    async () => {
      const text = ((await page.locator('main').textContent()) ?? '').replaceAll(/\d/g, '')
      const isStill = text === before
      before = text
      return isStill && (await page.locator('main .skeleton').count()) === 0
    },
    30,
    `${page.url()} stands still`,
    400,
  )
}

/** Runs in the page. Cells that stand side by side are no one word. */
const textNodes = `(() => {
  const walker = document.createTreeWalker(document.querySelector('.frame'), NodeFilter.SHOW_TEXT)
  const texts = []
  while (walker.nextNode()) texts.push(walker.currentNode.data)
  return texts
})()`
