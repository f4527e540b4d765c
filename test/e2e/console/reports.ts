/** What is reported: rates down to a device, a scorecard through two hands, an exemption through two, exports that are fetched. */
import { expect, it } from 'vitest'
import { download } from './download.ts'
import { district, districtName, type Tour } from './tour.ts'

/** As a date-time picker takes it, in the city's time. */
const wall = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16)

export function reports(tour: Tour): void {
  const { page: onPage } = tour
  const test: typeof onPage = onPage.bind(tour)

  test('/reports/rates', 'from the city down to a device', async (desk) => {
    const { page } = desk
    const crumbs = page.getByRole('navigation', { name: '下钻路径' })
    await page.getByRole('navigation', { name: '统计时段' }).getByRole('link', { name: '24 小时' }).click()
    await desk.region('排行').getByRole('link', { name: districtName }).click()
    await crumbs.getByText(districtName).waitFor()
    await page.getByRole('navigation', { name: '统计维度' }).getByRole('link', { name: '设备' }).click()
    const row = desk.region('排行').getByRole('row').filter({ hasText: tour.camera.id })
    // It has been down: it is the worst.
    await row.getByRole('link', { name: tour.camera.name }).click()
    await page.getByRole('complementary', { name: '设备详情' }).getByText(tour.camera.id).first().waitFor()
    await page.keyboard.press('Escape')
    await crumbs.getByRole('link', { name: '全市' }).click()
    await desk.region('排行').getByRole('row').nth(12).waitFor()
  })

  test('/reports/scorecards', 'made, reviewed, and not locked while the month runs', async (desk) => {
    const { page } = desk
    await page.getByRole('button', { name: '下一月' }).click()
    await page.getByRole('button', { name: '生成草稿' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: '生成草稿' }).click()
    await page.getByText('已生成，共 4 份。').waitFor()
    await page.getByRole('table').getByRole('link', { name: '电信' }).click()
    const card = desk.region(/^电信 · \d{4}-\d{2}$/)
    await card.getByRole('button', { name: '审核通过' }).click()
    await card.getByText('已审核').first().waitFor()
    expect(await card.getByRole('button', { name: '锁定' }).isDisabled()).toBe(true)

    const other = await tour.desk('second')
    await other.page.bringToFront()
    await other.page.goto(page.url())
    const theirs = other.region(/^电信 · \d{4}-\d{2}$/)
    // The month runs: nobody locks it yet.
    await theirs.getByText(/之前不能锁定/).waitFor()
    expect(await theirs.getByRole('button', { name: '锁定', exact: true }).isDisabled()).toBe(true)
  })

  test('/reports/adjustments', 'an exemption shows what it would change before it is applied for', async (desk) => {
    const { page, region } = desk
    await page.getByRole('link', { name: '申请' }).click()
    await page.getByRole('button', { name: '提交申请' }).click()
    await page.getByText('请至少填写一个。').waitFor()

    await page.getByRole('button', { name: '区县', exact: true }).click()
    await page.getByRole('main').getByLabel(districtName).check()
    const [from, to] = [-1, 1].map((hours) => wall(Date.now() + hours * 3_600_000))
    await page.getByLabel('开始（北京时间）').fill(from!)
    await page.getByLabel(/^结束（北京时间）/).fill(to!)
    const preview = region('预计影响').getByRole('row').filter({ hasText: districtName })
    await preview.filter({ hasText: '豁免' }).waitFor()

    await page.getByLabel('原因').fill('线路检修停电')
    await page.getByLabel('申请单位或人').fill('衡阳供电公司')
    await page.getByRole('button', { name: '提交申请' }).click()
    const own = region(new RegExp(`区县：${districtName}`))
    await own.getByText('须由另一人批准或拒绝').waitFor()
    expect(await own.getByRole('button', { name: '批准', exact: true }).count()).toBe(0)
  })

  it('is approved by a second person, and whoever applied sees it with no reload', async () => {
    const [mine, theirs] = [await tour.desk('admin'), await tour.desk('second')]
    const loads = mine.loads()
    await theirs.page.bringToFront()
    await theirs.open('/reports/adjustments')
    await theirs.page.getByRole('link', { name: new RegExp(`区县：${districtName}`) }).click()
    await theirs.page.getByRole('button', { name: '批准', exact: true }).click()
    await theirs.page.getByLabel('批注').fill('属实')
    await theirs.page.getByRole('dialog').getByRole('button', { name: '批准', exact: true }).click()
    await mine.page.bringToFront()
    const own = mine.region(new RegExp(`区县：${districtName}`))
    await own.getByText('已批准').waitFor()
    await own.getByText('批准前后').waitFor()
    expect(await mine.look('adjustment-approved')).toEqual([])
    expect(mine.loads()).toBe(loads)
  })

  it('is exported from where it is shown, in the background, and the file has it', async () => {
    const { page } = await tour.desk('admin')
    await page.getByRole('button', { name: '导出', exact: true }).click()
    await page.getByRole('button', { name: 'CSV', exact: true }).click()
    await page.getByRole('link', { name: '查看导出' }).click()
    expect(await download(page, page.getByRole('link', { name: /^下载/ }).first())).toContain('线路检修停电')
  })

  test('/reports/progress', 'against the plan, by district and by carrier', async (desk) => {
    const { page } = desk
    await desk.row(districtName).waitFor()
    await page.getByRole('button', { name: '按运营商' }).click()
    await desk.row('电信').waitFor()
    await desk.row(districtName).waitFor({ state: 'detached' })
  })

  test('/reports/exports', 'an Excel file is asked for, made in the background, fetched and dropped', async (desk) => {
    const { page } = desk
    const form = desk.region('新建导出')
    await form.getByLabel('报表').selectOption('建设进度')
    await form.getByLabel('格式').selectOption('Excel')
    await form.getByLabel(/^区县/).selectOption(district)
    await page.getByRole('button', { name: '开始导出' }).click()
    const mine = desk.region('我的导出').getByRole('row').filter({ hasText: 'Excel' })
    const file = await download(page, mine.getByRole('link', { name: /^下载/ }), 'latin1')
    // An Excel file is a zip.
    expect(file.slice(0, 2)).toBe('PK')
    await mine.getByRole('button', { name: /^删除/ }).click()
    await mine.waitFor({ state: 'detached' })
  })
}
