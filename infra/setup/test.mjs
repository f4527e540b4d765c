/** `npm test`: set-up, the check, then every test, the browser and the real servers included. The last line is the count. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { check } from './check.mjs'
import { buildConsole, installPackages, root, run, say } from './lib.mjs'
import { installPrograms } from './programs.mjs'

await installPackages()
await installPrograms()
await buildConsole()

const checked = await check()
const count = { passed: 0, failed: checked ? 0 : 1, skipped: 0 }
const results = join(root, 'node_modules/.cache/hub/results')
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

for (const project of ['unit', 'peers', 'e2e']) {
  say(`测试 tests: ${project}`)
  const file = join(results, `${project}.json`)
  const code = await run('vitest', [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    count.passed += report.numPassedTests
    count.failed += report.numFailedTests
    count.skipped += report.numPendingTests + (report.numTodoTests ?? 0)
    // A suite that fails to load has no failed test of its own.
    if (code !== 0 && report.numFailedTests === 0) count.failed += 1
  } catch {
    count.failed += 1
  }
}
say('完成 done')
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
process.exit(count.failed === 0 ? 0 : 1)
