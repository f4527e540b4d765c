/**
 * `npm test`: set-up, the check, then every test, the browser and the real servers included. The last line is the count, before
 * it what was skipped and why, and what failed with its words: whoever reads only the end of a log has the reason.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { check } from './check.mjs'
import { buildConsole, env, installPackages, root, run, say } from './lib.mjs'
import { installPrograms } from './programs.mjs'

const reporter = join(root, 'infra/setup/report.mjs')

await installPackages()
await installPrograms()
await buildConsole()

const count = { passed: 0, failed: 0, skipped: 0 }
const skipped = []
const failures = []
const notHeld = await check()
for (const part of notHeld) failures.push(`check: ${part}`)
count.failed += notHeld.length
const results = join(root, 'node_modules/.cache/hub/results')
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

for (const project of ['unit', 'components', 'peers', 'e2e']) {
  say(`测试 tests: ${project}`)
  const file = join(results, `${project}.json`)
  const code = await run('vitest', ['run', '--project', project, '--reporter=default', `--reporter=${reporter}`], {
    env: { ...env, HUB_TEST_OUTCOME: file },
  })
  const outcome = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  for (const key of Object.keys(count)) count[key] += outcome?.count[key] ?? 0
  skipped.push(...(outcome?.skipped ?? []))
  failures.push(...(outcome?.failures ?? []))
  if (code !== 0 && !outcome?.count.failed) {
    count.failed += 1
    failures.push(`${project}: vitest ended with ${code} and told no failure`)
  }
}
say('完成 done')
for (const line of skipped) console.log(`跳过 SKIPPED ${line}`)
for (const text of failures) console.log(`失败 FAILED ${text}`)
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
process.exit(count.failed === 0 ? 0 : 1)
