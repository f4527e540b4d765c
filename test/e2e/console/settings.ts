/** The settings: gateways, strangers, the record, channels, users, the audit; and how the console looks. */
import { expect, it } from 'vitest'
import { openWindow } from '../support/desk.ts'
import { brokenCamera, type Stranger } from '../support/stranger.ts'
import { download } from './download.ts'
import { districtName, password, type Tour } from './tour.ts'

const newcomer = 'newcomer'

export function settings(tour: Tour): void {
  const { page: onPage } = tour
  const test: typeof onPage = onPage.bind(tour)
  let stranger: Stranger | undefined

  test('/settings/gateways', 'both are online, and one searches at once', async (desk) => {
    const { page } = desk
    const rows = page.getByRole('row').filter({ has: page.getByRole('button', { name: '立即发现' }) })
    await rows.nth(1).waitFor()
    for (const text of await rows.allInnerTexts()) expect(text).toContain('在线')
    await rows.first().getByRole('button', { name: '立即发现' }).click()
    await page.getByRole('status').filter({ hasText: '发现完成' }).waitFor({ timeout: 60_000 })
  })

  test('/settings/discovered', 'a stranger waits, and is refused with a reason', async (desk) => {
    const { page } = desk
    stranger = await brokenCamera(tour.city.freeAddress)
    try {
      const row = desk.row(tour.city.freeAddress)
      await row.getByRole('button', { name: '拒绝', exact: true }).click({ timeout: 90_000 })
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('原因').fill('不是本项目的设备')
      await dialog.getByRole('button', { name: '拒绝', exact: true }).click()
      await page.getByText('已拒绝 1 台，0 台未通过。').waitFor()
      await page.getByLabel('显示').selectOption('rejected')
      await row.filter({ hasText: '不是本项目的设备' }).filter({ hasText: 'admin' }).waitFor()
    } finally {
      stranger.close()
    }
  })

  test('/settings/rollout', 'the record against what was found, list by list, and as a file', async (desk) => {
    const { page } = desk
    const lists = page.getByRole('group', { name: '比对清单' }).getByRole('button')
    await lists.first().waitFor()
    const count = await lists.count()
    expect(count).toBeGreaterThanOrEqual(3)
    for (let n = 0; n < count; n++) {
      await lists.nth(n).click()
      // As many rows as the button says.
      const listed = page.getByRole('table').filter({ has: page.getByRole('columnheader', { name: /^(档案|发现)$/ }) })
      const said = async () => Number(/\d+\s*$/.exec((await lists.nth(n).textContent()) ?? '')?.[0])
      await expect.poll(async () => Math.max(0, (await listed.getByRole('row').count()) - 1) - (await said())).toBe(0)
    }
    const file = await download(page, page.locator('main a[download]'))
    expect(file.split('\n')[0]).toContain(',')
  })

  test('/settings/registry', 'goes out as a file, and comes in again with one name changed', async (desk) => {
    const { page } = desk
    const file = await download(page, page.locator('main a[href$=".csv"]'))
    const [header, ...lines] = file.split('\r\n') as [string, ...string[]]
    const line = lines.find((one) => one.includes(tour.camera.id))!
    const changed = line.replace(tour.camera.name, `${tour.camera.name}（东）`)
    await give(desk.page, 'record.csv', `${header}\r\n${changed}\r\n`)
    await page.getByText(/新增 0，变更 1，未变 0，拒绝 0，文件中缺少 \d+/).waitFor()
    await desk.open('/devices')
    await page.getByRole('searchbox', { name: '编码、名称、地址、IP' }).fill(tour.camera.id)
    await desk.row(`${tour.camera.name}（东）`).waitFor()
    await page.getByRole('button', { name: '清除筛选' }).click()
    await desk.open('/settings/registry')
  })

  test('/settings/topology', 'what a device depends on is imported and exported', async (desk) => {
    const { page } = desk
    await give(desk.page, 'topology.csv', `DeviceID,Need,Alternatives\r\n${tour.camera.id},1,switch:SW-E2E\r\n`)
    await page.getByRole('status').filter({ hasText: 'topology.csv' }).waitFor()
    expect(await download(page, page.locator('main a[download]'))).toContain(`${tour.camera.id},1,switch:SW-E2E`)
  })

  test('/settings/channels', 'a test arrives', async (desk) => {
    const { page } = desk
    await desk.row('值班平台').getByRole('button', { name: '发送测试' }).click()
    await page.getByText(/已送达，用时 .* 毫秒。/).waitFor()
    expect(tour.receiver.got.length).toBeGreaterThan(0)
  })

  test(
    '/settings/users',
    'a user is made who sees one district, and logs in',
    async (desk) => {
      const { page } = desk
      const form = desk.region('新建用户')
      await form.getByLabel(/^用户名/).fill(newcomer)
      await form.getByLabel(/^首次登录密码/).fill(`first ${password}`)
      await form.getByLabel(/^角色/).selectOption('指挥员')
      await form.getByLabel('指定区县').check()
      await form.getByLabel(districtName).check()
      await form.getByRole('button', { name: '创建' }).click()
      await page.getByText(`用户 ${newcomer} 已创建。`).waitFor()
      await desk.region('用户').getByRole('row').filter({ hasText: newcomer }).filter({ hasText: '指挥员' }).waitFor()

      const theirs = await openWindow(tour.browser, tour.city.address)
      await theirs.page.getByLabel('用户名').fill(newcomer)
      await theirs.page.getByLabel('密码').fill(`first ${password}`)
      await theirs.page.getByRole('button', { name: '登录' }).click()
      await theirs.page.getByLabel('当前密码', { exact: true }).fill(`first ${password}`)
      await theirs.page.getByLabel(/^新密码/).fill(password)
      await theirs.page.getByLabel('再次输入新密码').fill(password)
      expect(await theirs.look('first-password')).toEqual([])
      await theirs.page.getByRole('button', { name: '修改密码' }).click()
      await theirs.page.getByRole('navigation', { name: '数字衡阳' }).waitFor()
      expect((await theirs.page.getByLabel('区县范围').locator('option').allInnerTexts()).slice(1)).toEqual([
        districtName,
      ])
      await theirs.page.getByRole('button', { name: /^用户：/ }).click()
      await theirs.page.getByRole('button', { name: '退出登录' }).click()
      await theirs.page.getByRole('button', { name: '登录' }).waitFor()
      expect(theirs.trouble).toEqual([])
      await theirs.page.context().close()
    },
    'security',
  )

  test('/settings/refused', 'what was refused is listed, or that nothing was', async (desk) => {
    const { page } = desk
    await page
      .getByText('没有拒收的消息')
      .or(page.getByRole('columnheader', { name: '原因' }))
      .first()
      .waitFor()
  })

  test(
    '/settings/audit',
    'who made whom stands in it, and it is whole',
    async (desk) => {
      const { page } = desk
      await page.getByLabel('对象（完整编码或编号）').fill(newcomer)
      await desk.row(newcomer).filter({ hasText: 'security' }).first().waitFor()
      await page.getByRole('row').filter({ hasNotText: newcomer }).nth(1).waitFor({ state: 'detached' })
      await page.getByRole('status').filter({ hasText: '记录完整' }).waitFor()
    },
    'auditor',
  )

  it('the three looks go round, and stay over a reload', async () => {
    const { page } = await tour.desk('admin')
    await page.bringToFront()
    const theme = () => page.locator('html').getAttribute('data-theme')
    const seen: (string | null)[] = []
    for (let n = 0; n < 3; n++) {
      await page.getByRole('button', { name: /^外观/ }).click()
      await expect.poll(theme).not.toBe(seen.at(-1) ?? 'light')
      seen.push(await theme())
      if (n === 0) {
        await page.reload()
        await page.getByRole('button', { name: /^外观/ }).waitFor()
        expect(await theme()).toBe(seen[0])
      }
    }
    expect(new Set(seen).size).toBe(3)
  })
}

/** Puts a file into the field for it. */
async function give(page: Parameters<typeof download>[0], name: string, text: string): Promise<void> {
  await page.locator('main input[type="file"]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
}
