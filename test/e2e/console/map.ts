/** The map: what is drawn follows the layers, and a camera on it opens its drawer. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { enter, openWindow } from '../support/desk.ts'
import { until } from '../support/until.ts'
import type { Tour } from './tour.ts'

export function map(tour: Tour): void {
  tour.page('/map', 'is drawn, its layers can be switched, a camera is clicked', async (desk) => {
    const { page } = desk
    const canvas = page.getByRole('application').locator('canvas')
    await canvas.waitFor()
    const list = desk.region('设备列表')
    await list.getByText('视野内 60 台').waitFor()
    const whole = await still(page)
    // Districts in the colours of their rates, lines, names, devices: an empty canvas has one colour.
    expect(await colours(page, whole)).toBeGreaterThan(50)

    const layers = desk.region('图层')
    const up = layers
      .locator('label')
      .filter({ hasText: /^[^\u4e00-\u9fff]*在线/ })
      .getByRole('checkbox')
    await layers.getByLabel('区县在线率').uncheck()
    const plain = await until(async () => differs(whole, await still(page)), 30, 'the map without the rates is another')
    await up.uncheck()
    await list.getByText('视野内 1 台').waitFor()
    await until(async () => differs(plain, await still(page)), 30, 'the map without devices that are up is another')
    await up.check()
    await layers.getByLabel('区县在线率').check()
    await list.getByText('视野内 60 台').waitFor()

    // Trouble stands first in the list.
    const drawer = page.getByRole('complementary', { name: '设备详情' })
    await list.getByRole('button').first().filter({ hasText: tour.camera.name }).click()
    await drawer.getByText(tour.camera.id).first().waitFor()
    await drawer.getByRole('link', { name: '在地图上查看' }).click()
    await page.waitForURL(/at=/)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    await still(page)
    // The map stands with the camera in its middle.
    const { x, y, width, height } = (await page.getByRole('application').boundingBox())!
    await until(
      async () => {
        await page.mouse.click(x + width / 2, y + height / 2)
        return drawer.isVisible()
      },
      30,
      'a click on the camera opens its drawer',
      1_000,
    )
    await drawer.getByText('离线').first().waitFor()
  })

  it('/map: left at any moment while it is made, it leaves no error behind', async () => {
    const desk = await openWindow(tour.browser, tour.city.address)
    const { page, trouble } = desk
    // Labels wait for their fonts, and whoever is quick has left by then.
    await page.route('**/*.woff2', async (route) => {
      await page.waitForTimeout(300)
      await route.continue()
    })
    await enter(desk, tour.city.login)
    const link = (path: string) => page.locator(`nav a[href="${path}"], nav a[href^="${path}?"]`).first()
    for (const ms of [0, 20, 100, 200, 300, 400, 800]) {
      await link('/map').click()
      await page.waitForTimeout(ms)
      await link('/').click()
    }
    await page.getByRole('heading', { level: 1, name: '总览' }).waitFor()
    await page.waitForTimeout(1_000)
    expect(trouble).toEqual([])
    await page.context().close()
  })
}

/** The map as a picture, once it has come to rest. */
async function still(page: Page): Promise<Buffer> {
  const shoot = () => page.getByRole('application').screenshot({ animations: 'disabled' })
  let before = await shoot()
  return until(
    async () => {
      const now = await shoot()
      const same = now.equals(before)
      before = now
      return same && now
    },
    60,
    'the map comes to rest',
    250,
  )
}

const differs = (one: Buffer, other: Buffer) => !one.equals(other) && other

/** How many colours are in a picture. */
async function colours(page: Page, png: Buffer): Promise<number> {
  return page.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(png.toString('base64'))}), (c) => c.charCodeAt(0))
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
    context.drawImage(image, 0, 0)
    return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size
  })()`)
}
