/**
 * A carrier who trusts nobody walks down from a deduction on a locked card to what the gateway signed, in a real browser and in at most six clicks;
 * then the pack is verified with the network off, by the command and by the page. The observations are sealed by the gateways' own program.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cameraB, gatewayB, password } from '../../../services/hub/src/testing/hub.ts'
import { monthBegin, type SealedHub, startSealedHub } from '../../../services/reports/src/testing/sealed-hub.ts'
import { describeWith } from '../../support/need.ts'
import { browserNeeds, startBrowser } from '../support/browser.ts'
import { type Desk, enter, openWindow } from '../support/desk.ts'

const hour = 3_600_000
const root = resolve(import.meta.dirname, '../../..')
const files = mkdtempSync(join(tmpdir(), 'walk-'))
const fileOf = (name: string): string => join(files, name)
const [packFile, forgedFile, anchorFile, pageFile] = [
  fileOf('pack.zip'),
  fileOf('forged.zip'),
  fileOf('anchor.jsonl'),
  fileOf('verify.html'),
]
/** As on a machine without a network. */
const verify = (pack: string) =>
  spawnSync('unshare', ['--net', 'npm', 'run', '-s', 'verify', '--', pack, '--anchor', anchorFile], {
    cwd: root,
    encoding: 'utf8',
  })

describeWith("a carrier's walk", [...browserNeeds, 'network namespace'], () => {
  let sealed: SealedHub
  let browser: Browser
  let desk: Desk
  let card: string
  let clicks = 0
  const click = async (target: Locator) => {
    clicks++
    await target.click()
  }
  const back = async () => {
    clicks++
    await desk.page.goBack()
  }
  /** With E2E_SHOTS set, as a wide screen and as a telephone show it. */
  const shots = async (name: string, at: Locator) => {
    const folder = process.env.E2E_SHOTS
    if (!folder) return
    mkdirSync(folder, { recursive: true })
    for (const [width, height] of [
      [390, 844],
      [1440, 900],
    ] as const) {
      await desk.page.setViewportSize({ width, height })
      await at.scrollIntoViewIfNeeded()
      await desk.page.screenshot({ path: join(folder, `${name}-${width}.png`), animations: 'disabled' })
    }
  }

  beforeAll(async () => {
    sealed = await startSealedHub({
      consoleDir: join(root, 'console/dist'),
      config: { policy: { coverage: { least: 0.1 } } },
    })
    const { hub } = sealed
    // The camera of the second gateway is down from hour 50 on: its gateway says so, batch by batch.
    for (let n = 41; n <= 80; n++)
      await sealed.take(gatewayB, n, cameraB, monthBegin + n * hour, {
        ...(n >= 50 && { verdict: 'fail', rung: 'reachable', reason: 'timeout' }),
      })
    const request = {
      kind: 'exemption',
      countAs: 'exempt',
      scope: { by: 'devices', values: [cameraB] },
      from: monthBegin + 60 * hour,
      to: monthBegin + 65 * hour,
      reason: '市政停电检修',
      applicant: '衡阳供电公司',
    }
    const asked = await hub.ask('oper', 'requestAdjustment', { body: request })
    await hub.ask('sys', 'decideAdjustment', { params: { id: asked.json.id }, body: { decision: 'approve' } })
    const locked = await sealed.lock('mobile', 'carrier')
    expect(locked.status).toBe(200)
    card = locked.json.id
    browser = await startBrowser()
    desk = await openWindow(browser, hub.base)
    // The hub's clock stands in the January after; a browser that lives in another month would show another period.
    await desk.page.context().clock.setSystemTime(hub.clock.now())
    await enter(desk, { user: 'audit', password })
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await sealed?.hub.stop()
    rmSync(files, { recursive: true, force: true })
  })

  it('leads from the deduction to the signatures in at most six clicks', async () => {
    const { page, region } = desk
    await page.goto(`${sealed.hub.base}/reports/scorecards?month=2026-12&row=${card}`)
    const open = region(/^移动 · 2026-12$/)
    await open.getByText('封印完好').waitFor()

    // Deduction, device, interval, observations.
    await click(open.getByRole('row').filter({ hasText: '在线' }).getByTitle(/扣分/))
    await click(region('排行').getByRole('row').filter({ hasText: cameraB }).getByRole('link').first())
    const drawer = page.getByRole('complementary', { name: '设备详情' })
    await click(drawer.getByRole('listitem').filter({ hasText: '超时' }).getByRole('link').first())
    await drawer.getByText('所依据的观测').waitFor()
    await drawer.getByRole('row').filter({ hasText: '超时' }).first().waitFor()
    await drawer.getByText(sealed.sealers[gatewayB]!.key).first().waitFor()

    // Adjustment: who asked, who approved.
    await click(drawer.getByRole('link', { name: /^豁免/ }))
    await page.getByText('衡阳供电公司').first().waitFor()
    await page.getByText('已批准').first().waitFor()
    await back()

    // Signatures.
    await click(drawer.getByRole('button', { name: '在浏览器中核验签名' }))
    await drawer.getByText(/^全部 \d+ 个批次的签名成立，均由登记公钥签发。$/).waitFor()
    expect(clicks).toBeLessThanOrEqual(6)
    console.log(`from the deduction to the checked signatures: ${clicks} clicks`)
    expect(await desk.look('walk')).toEqual([])
    expect(desk.trouble).toEqual([])
    await shots('walk-batches', drawer.getByRole('button', { name: '在浏览器中核验签名' }))
  })

  it('shows what was signed to who has only a keyboard, and reads in English', async () => {
    const { page } = desk
    const drawer = page.getByRole('complementary', { name: '设备详情' })
    const first = drawer.locator('summary').filter({ hasText: '#50' })
    await first.focus()
    await page.keyboard.press('Enter')
    const digest = await drawer.locator('details[open] code[aria-label]').getAttribute('aria-label')
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    await page.keyboard.press('Enter')
    await drawer.locator('details[open]').waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'EN', exact: true }).click()
    const english = page.getByRole('complementary', { name: 'Device' })
    const check = english.getByRole('button', { name: 'Check the signatures in this browser' })
    await check.focus()
    await page.keyboard.press('Enter')
    await english.getByText(/^All \d+ batches are signed, each with a pinned key\.$/).waitFor()
    await shots('walk-english', check)
    await page.getByRole('button', { name: '中', exact: true }).click()
  })

  it('ends with a pack that is verified with the network off, by the command and by the page', async () => {
    const { page } = desk
    const drawer = page.getByRole('complementary', { name: '设备详情' })
    const link = drawer.getByRole('link', { name: '下载移动封存包' })
    await shots('walk-packs', link)
    const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
    await file.saveAs(packFile)
    copyFileSync(sealed.anchorFile, anchorFile)
    copyFileSync(join(root, 'console/dist/verify.html'), pageFile)

    const { status, stdout, stderr } = verify(packFile)
    console.log(stdout)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('结论：全部成立。')

    const context = await browser.newContext({ locale: 'zh-CN' })
    await context.setOffline(true)
    const offline = await context.newPage()
    await offline.goto(pathToFileURL(pageFile).href)
    await offline.locator('#pack').setInputFiles(packFile)
    await offline.locator('#anchor').setInputFiles(anchorFile)
    await offline.getByText('全部成立：与锚点一致，未被改动。').waitFor()
    console.log(`the page, off line: ${await offline.locator('#verdict').textContent()}`)
    if (process.env.E2E_SHOTS) await offline.screenshot({ path: join(process.env.E2E_SHOTS, 'walk-verify-page.png') })

    // A byte of the card that is another one is found by both.
    const forged = readFileSync(packFile)
    const at = forged.indexOf('card.json') + 60
    forged[at] = forged[at]! ^ 1
    writeFileSync(forgedFile, forged)
    expect(verify(forgedFile).status).toBe(1)
    await offline.locator('#pack').setInputFiles(forgedFile)
    await offline.getByText(/^不成立/).waitFor()
    await context.close()
  })
})
