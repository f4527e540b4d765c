/** A real pack before verifiers that share nothing with its maker: Python with openssl, the command, and the page in a browser without network. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { target } from '../../infra/verify/build-page.ts'
import { readZip } from '../../infra/verify/zip.ts'
import { openSink } from '../../services/reports/src/format/sink.ts'
import { createZip } from '../../services/reports/src/format/zip.ts'
import { districtB, startSealedHub } from '../../services/reports/src/testing/sealed-hub.ts'
import { startBrowser } from '../e2e/support/browser.ts'
import { describeWith } from '../support/need.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'seal-peers-'))
const [pack, forged, anchor] = ['pack.zip', 'forged.zip', 'anchor.jsonl'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
]
let fingerprint: string

beforeAll(async () => {
  const it = await startSealedHub({ batches: 20 })
  await it.lock(districtB)
  cpSync(it.anchorFile, anchor)
  cpSync(join(it.packs, readdirSync(it.packs)[0]!), pack)
  await it.hub.stop()
  fingerprint = JSON.parse(readFileSync(anchor, 'utf8')).fingerprint
  const sink = openSink(forged)
  const zip = createZip(sink)
  for (const [name, bytes] of await readZip(new Uint8Array(readFileSync(pack)))) {
    zip.entry(name)
    zip.write(new TextDecoder().decode(bytes).replace(/"score":(?:[\d.]+|null)/, '"score":100'))
  }
  zip.end()
  sink.close()
}, 240_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (command: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  return { status, text: stdout + stderr }
}

test('Python and openssl verify it by the document alone, and find the forged one', () => {
  const verify = (file: string) => run('python3', 'infra/verify/verify_pack.py', file, anchor)
  expect(verify(pack)).toEqual({ status: 0, text: `${fingerprint}\n` })
  expect(verify(forged)).toEqual({ status: 1, text: `${fingerprint}\ncard.json: digest\n` })
})

test('sha256sum, base64 and openssl alone give the fingerprint and check the seal', () => {
  const sealed = (command: string) =>
    run('sh', '-c', command.replaceAll('PACK', pack).replaceAll('DIR', folder)).text.trim()
  const payload = `python3 -c "import json,sys,zipfile;print(json.loads(zipfile.ZipFile('PACK').read('seal.json'))['payload'])"`
  expect(sealed(`${payload} | base64 -d | sha256sum | cut -d ' ' -f 1`)).toBe(fingerprint)
})

test('the command says what holds and what does not', () => {
  const verify = (...args: string[]) => run(process.execPath, 'infra/verify/main.ts', ...args)
  expect(verify(pack, '--anchor', anchor)).toMatchObject({
    status: 0,
    text: expect.stringContaining('结论：全部成立。'),
  })
  const bad = verify(forged, '--anchor', anchor, '--language', 'en')
  expect(bad.status).toBe(1)
  expect(bad.text).toContain('✗ a file was changed after it was sealed: card.json')
  expect(verify(join(folder, 'absent.zip')).status).toBe(2)
  writeFileSync(join(folder, 'nonsense.zip'), 'nonsense')
  expect(verify(join(folder, 'nonsense.zip')).text).toContain('文件包无法读取')
})

describeWith('the page from a disk, with the network off', ['chromium'], () => {
  test('verifies a pack, and names what was forged', async () => {
    const browser = await startBrowser()
    try {
      const context = await browser.newContext({ offline: true, locale: 'zh-CN' })
      const page = await context.newPage()
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      page.on('request', (request) => {
        if (!request.url().startsWith('file:')) errors.push(request.url())
      })
      await page.goto(pathToFileURL(target.pathname).href)
      const verdict = page.locator('#verdict')
      await page.setInputFiles('#pack', pack)
      await expect.poll(() => verdict.textContent()).toContain('未提供锚点')
      await page.setInputFiles('#anchor', anchor)
      await expect.poll(() => verdict.textContent()).toContain('全部成立')
      expect((await page.locator('#fingerprint').textContent())!.replaceAll(' ', '')).toBe(fingerprint)
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, 'verify-good.png'), fullPage: true })
      await page.setInputFiles('#pack', forged)
      await expect.poll(() => verdict.textContent()).toContain('不成立')
      expect(await page.locator('#faults').textContent()).toContain('文件在封存后被改动：card.json')
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, 'verify-bad.png'), fullPage: true })
      expect(errors).toEqual([])
    } finally {
      await browser.close()
    }
  })
})
