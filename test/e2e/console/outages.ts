/** The camera that is down is an outage: acknowledged, given to a contractor, taken by him, over. */
import { expect } from 'vitest'
import { download } from './download.ts'
import { type Tour, unit } from './tour.ts'

export function outages(tour: Tour): void {
  tour.page('/outages', 'acknowledged with a key, and a work order issued for it', async (desk) => {
    const { page } = desk
    const row = page.getByRole('grid').getByRole('row').filter({ hasText: tour.camera.name })
    await row.click()
    await page.keyboard.press('a')
    await page.getByRole('status').filter({ hasText: '已确认' }).waitFor()
    expect(await desk.look('outages-board')).toEqual([])
    await row.getByRole('link').click()
    await page.getByRole('heading', { level: 1, name: tour.camera.name }).waitFor()
    await desk.region('工单').getByRole('button', { name: '派发工单' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('责任单位').fill(unit)
    await dialog.getByRole('button', { name: '派发工单' }).click()
    await page.getByRole('heading', { level: 1, name: /^GD-\d{8}-\d{4}/ }).waitFor()
  })

  tour.page(
    '/work',
    'the contractor receives it',
    async (desk) => {
      const { page } = desk
      await desk.region('待我办理的工单').getByRole('link', { name: /^GD-/ }).click()
      await page.locator('header').getByRole('button', { name: '接收', exact: true }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: '接收', exact: true }).click()
      await dialog.waitFor({ state: 'detached' })
      await page.locator('header').getByText('维修中').waitFor()
    },
    'repair',
  )

  tour.page('/orders', 'stands on the board, is found by where it stands, and is in the file', async (desk) => {
    const { page } = desk
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: /^GD-/ }) })
    await row.filter({ hasText: unit }).waitFor()
    await page.getByLabel('状态', { exact: true }).selectOption('待接收')
    await page.getByText('没有符合条件的工单').waitFor()
    await page.getByLabel('状态', { exact: true }).selectOption('维修中')
    await row.waitFor()
    expect(await download(page, page.locator('main a[download]'))).toContain(unit)
  })

  tour.page('/outages', 'is over by itself when the camera is back, with no reload', async (desk) => {
    const loads = desk.loads()
    const row = desk.page.getByRole('grid').getByRole('row').filter({ hasText: tour.camera.name })
    await row.waitFor()
    await tour.city.sims.clear({ id: tour.camera.id })
    await desk.page.getByRole('row').filter({ hasText: '已恢复' }).waitFor({ timeout: 90_000 })
    await row.getByRole('link').click()
    await desk.region('经过').getByText('中枢 标为已恢复').waitFor()
    await desk.open('/devices')
    await desk.page.getByRole('searchbox', { name: '编码、名称、地址、IP' }).fill(tour.camera.id)
    await desk.row(tour.camera.id).filter({ hasText: '在线' }).waitFor()
    expect(desk.loads()).toBe(loads)
    await desk.page.getByRole('button', { name: '清除筛选' }).click()
  })
}
