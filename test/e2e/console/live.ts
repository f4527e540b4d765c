/** The overview and the devices: a camera goes down, and it is seen everywhere with no reload. */
import { districts } from '@hub/contracts'
import { expect } from 'vitest'
import { district, districtName, type Tour } from './tour.ts'

export function live(tour: Tour): void {
  tour.page('/', 'twelve districts with their rates, a camera that goes down, its district', async (desk) => {
    const { page, region } = desk
    const league = region('区县').getByRole('row')
    await league.nth(12).waitFor()
    const rows = (await league.allInnerTexts()).slice(1)
    expect(rows.length).toBe(12)
    for (const { zh } of districts) expect(rows.filter((text) => text.includes(zh)).length).toBe(1)
    for (const text of rows) expect(text).toMatch(/100(\.0+)?\s?%/)

    const loads = desk.loads()
    await tour.city.sims.begin('power-off', { id: tour.camera.id })
    const news = region('实时变化').getByRole('listitem').filter({ hasText: tour.camera.name })
    await news.filter({ hasText: '离线' }).waitFor({ timeout: 90_000 })
    const own = league.filter({ hasText: districtName })
    await own.filter({ hasNotText: /100(\.0+)?\s?%/ }).waitFor()

    await own.getByRole('link', { name: districtName }).click()
    await region(`${districtName} · 在线率`).waitFor()
    expect(new URL(page.url()).searchParams.get('district')).toBe(district)
    // What was the number of one is a list of one.
    await region(`${districtName} · 在线率`)
      .getByRole('link', { name: /^离线\s*1$/ })
      .click()
    await desk.row(tour.camera.id).waitFor()
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('2')
    await page.getByLabel('区县范围').selectOption('全市')
    await page.goBack()
    await page.goBack()
    await desk.open('/')
    await page.getByLabel('区县范围').selectOption('全市')
    await region('区县').getByRole('row').nth(12).waitFor()
    expect(desk.loads()).toBe(loads)
  })

  tour.page('/devices', 'filtered, searched, one explained, probed at once', async (desk) => {
    const { page } = desk
    const { camera } = tour
    const loads = desk.loads()
    const count = page.getByRole('search').getByRole('status')
    const down = page.getByRole('group', { name: '状态' }).getByRole('button', { name: '离线' })
    await count.filter({ hasText: /^60 台$/ }).waitFor()
    await down.click()
    await count.filter({ hasText: /^1 \/ 60 台$/ }).waitFor()
    await down.click()
    await page.getByRole('searchbox', { name: '编码、名称、地址、IP' }).fill(camera.id)
    await count.filter({ hasText: /^1 \/ 60 台$/ }).waitFor()
    await desk.row(camera.id).filter({ hasText: '离线' }).click()

    const drawer = page.getByRole('complementary', { name: '设备详情' })
    await drawer.getByText('判定依据').waitFor()
    expect(await drawer.textContent()).toContain('离线')
    await drawer.getByRole('button', { name: '立即探测' }).click()
    await drawer.getByText(/网关 .* 应答：失败/).waitFor()
    expect(await desk.look('drawer')).toEqual([])
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '清除筛选' }).click()
    await count.filter({ hasText: /^60 台$/ }).waitFor()
    expect(desk.loads()).toBe(loads)
  })
}
