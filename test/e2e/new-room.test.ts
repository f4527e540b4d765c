/** A room that `npm run new-room` writes into a copy of the repository passes the check at once, and little outside its own folders was touched. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram } from '../support/program.ts'

const root = join(import.meta.dirname, '../..')
/** Files outside the room's own folders. */
const most = 8
let copy: string

/** Its output; it must have ended well. */
async function run(command: string, ...args: string[]): Promise<string> {
  const { code, output } = await runProgram(command, args, { cwd: copy, timeoutMs: 500_000 })
  expect(code, `${command} ${args.join(' ')}\n${output}`).toBe(0)
  return output
}

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'new-room-'))
  const { stdout } = await runProgram('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root })
  for (const file of stdout.split('\n').filter((name) => name && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file))
  }
  // By hard links where it can be; what tools have kept for themselves stays behind, for they write it in place.
  const packages = join(root, 'node_modules')
  const { code } = await runProgram('cp', ['-al', packages, copy], { timeoutMs: 300_000 })
  if (code !== 0) await run('cp', '-a', packages, copy)
  for (const name of ['.cache', '.vite', '.vite-temp', '.vitest-cache'])
    rmSync(join(copy, 'node_modules', name), { recursive: true, force: true })
  await run('git', 'init', '--quiet')
  await run('git', 'add', '--all')
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

it('is written, with what it edited outside its own folders: at most eight files', async () => {
  const said = await run('npm', 'run', '--silent', 'new-room', '--', 'example-room', '--zh', '示例')
  const edited = (await run('git', 'diff', '--name-only')).trim().split('\n')
  expect(edited.length).toBeLessThanOrEqual(most)
  expect(said).toContain(`edited outside the room's own folders: ${edited.length}\n`)
  for (const file of edited) expect(said).toContain(`  ${file}\n`)
  console.log(said)
})

it('is written once', async () => {
  const { code, output } = await runProgram('npm', ['run', '--silent', 'new-room', '--', 'example-room'], { cwd: copy })
  expect([code, output]).toEqual([1, expect.stringContaining('services/example-room')])
})

it('passes the check: types, import law, dead code, format, generated files', async () => {
  const said = await run(
    'node',
    '-e',
    "import('./infra/setup/check.mjs').then(async ({ check }) => process.exit((await check()) ? 0 : 1))",
  )
  expect(said.match(/✓/g)?.length, said).toBeGreaterThanOrEqual(6)
})

it('its tests pass, and those that look at all rooms', async () => {
  const projects = ['--project', 'unit', '--project', 'components']
  const rules = ['test/rules/tables.test.ts', 'test/rules/house.test.ts', 'test/rules/repository.test.ts']
  const all = ['example-room', 'services/contracts', 'services/hub/src', 'console/src/import-law.test.ts', ...rules]
  await run('vitest', 'run', ...projects, ...all)
})

it('the lock file is the one that npm would have written', async () => {
  const { packages } = JSON.parse(readFileSync(join(copy, 'package-lock.json'), 'utf8'))
  const { name, version, dependencies } = JSON.parse(
    readFileSync(join(copy, 'services/example-room/package.json'), 'utf8'),
  )
  expect(packages['node_modules/@hub/example-room']).toEqual({ resolved: 'services/example-room', link: true })
  expect(packages['services/example-room']).toEqual({ name, version, dependencies })
  expect(packages['services/hub'].dependencies).toHaveProperty('@hub/example-room', '*')
})
