/** Files that the console gives away. */
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'

/** Clicks a link and reads the file that comes. @param encoding `latin1` for what is no text */
export async function download(page: Page, link: Locator, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
  return readFileSync((await file.path())!, encoding)
}
