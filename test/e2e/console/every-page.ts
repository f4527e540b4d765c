/** That no page was left out, and that each can be read in English. */
import { expect, it } from 'vitest'
import { readInEnglish } from '../support/english.ts'
import { everybody, type Tour, type Who } from './tour.ts'

export function everyPage(tour: Tour): void {
  /** Who has a page, by its path. */
  const pages = new Map<string, Who>()

  it('every page that a link of anybody’s navigation leads to has had its task done', async () => {
    for (const who of everybody) {
      const desk = await tour.desk(who)
      await desk.page.bringToFront()
      await desk.page.goto(tour.city.address)
      await desk.page.getByRole('navigation', { name: '数字衡阳' }).waitFor()
      for (const path of await desk.linked()) if (!pages.has(path)) pages.set(path, who)
    }
    expect([...pages.keys()].sort()).toEqual([...tour.done].sort())
  })

  it('each speaks English when asked, with no Chinese but what the record has', async () => {
    const left: string[] = []
    for (const who of everybody) {
      const desk = await tour.desk(who)
      const own = [...pages].filter(([, whose]) => whose === who).map(([path]) => path)
      if (own.length > 0) left.push(...(await readInEnglish(desk, tour.city.address, own)))
    }
    expect(left).toEqual([])
  })

  it('no page had an error of its own', () => {
    expect([...tour.desks].flatMap(([who, { trouble }]) => trouble.map((one) => `${who}: ${one}`))).toEqual([])
  })
}
