import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foreignUses } from './tables/foreign.ts'
import { readSource } from './tables/source.ts'

const root = join(import.meta.dirname, '../..')

/** One planted violation of each rule: a file, what it imports, and the rule that must name it. */
const planted = [
  ['services/contracts/src/a.ts', '@hub/core', 'contracts-imports-only-itself'],
  ['services/core/src/a.ts', '@hub/platform', 'core-imports-only-contracts'],
  ['services/core/src/b.ts', 'node:fs', 'core-is-pure'],
  ['services/platform/src/a.ts', '@hub/ingest', 'platform-imports-only-contracts-core'],
  ['services/api/src/a.ts', '@hub/ingest', 'feature-rooms-meet-on-the-bus'],
  // A thread's file, that only `new Worker(new URL('./thread.ts', …))` names: that it is of its own room, house.test.ts sees to.
  ['services/ingest/src/thread.ts', '@hub/api', 'feature-rooms-meet-on-the-bus'],
  ['gateway/src/a.ts', '@hub/hub', 'feature-imports-only-contracts-core-platform'],
  ['services/ingest/src/a.ts', '@hub/device-sims', 'feature-imports-only-contracts-core-platform'],
  ['services/hub/src/a.ts', '@hub/device-sims', 'hub-imports-only-contracts-core-platform-feature'],
  ['console/src/a.ts', '@hub/platform', 'console-imports-only-contracts-core'],
  ['console/src/B.svelte', '@hub/platform', 'console-imports-only-contracts-core'],
  ['device-sims/src/a.ts', '@hub/core', 'sims-imports-only-contracts'],
  ['device-sims/src/camera/a.ts', '@hub/contracts', 'simulated-onvif-is-its-own'],
  ['infra/verify/a.ts', '@hub/core', 'the-verifier-is-its-own'],
  ['services/api/src/b.ts', '../../platform/src/hidden.ts', 'rooms-have-one-door'],
  ['services/hub/src/b.ts', '../../../test/a.ts', 'nothing-imports-the-tests'],
  ['services/hub/src/circle.ts', './circle-back.ts', 'no-circles'],
  ['services/hub/src/d.ts', './absent.ts', 'everything-resolves'],
  ['services/hub/src/e.ts', 'undeclared', 'declared-dependencies'],
] as const

const rooms = {
  '@hub/contracts': 'services/contracts',
  '@hub/core': 'services/core',
  '@hub/platform': 'services/platform',
  '@hub/ingest': 'services/ingest',
  '@hub/api': 'services/api',
  '@hub/hub': 'services/hub',
  '@hub/gateway': 'gateway',
  '@hub/device-sims': 'device-sims',
}

let dir: string
let violations: { from: string; rule: string }[]

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'import-law-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  mkdirSync(join(dir, 'node_modules/@hub'), { recursive: true })
  for (const [name, path] of Object.entries(rooms)) {
    write(`${path}/package.json`, JSON.stringify({ name, type: 'module', exports: { '.': './src/index.ts' } }))
    write(`${path}/src/index.ts`, 'export const it = 1\n')
    symlinkSync(join(dir, path), join(dir, 'node_modules', name))
  }
  write('services/platform/src/hidden.ts', 'export const it = 1\n')
  write('services/hub/src/circle-back.ts', "import './circle.ts'\n")
  write('node_modules/undeclared/package.json', JSON.stringify({ name: 'undeclared', main: 'index.js' }))
  write('node_modules/undeclared/index.js', '')
  write('test/a.ts', 'export const it = 1\n')
  write('tsconfig.json', '{"compilerOptions":{"module":"NodeNext","allowImportingTsExtensions":true,"noEmit":true}}')
  for (const [file, imported] of planted) {
    const line = `import '${imported}'\n`
    write(file, file.endsWith('.svelte') ? `<script>\n${line}</script>\n` : line)
  }
  violations = cruise(dir, ['services', 'gateway', 'console', 'device-sims', 'infra', 'test'])
}, 60_000)

afterAll(() => rmSync(dir, { recursive: true, force: true }))

test.each(planted)('%s importing %s breaks %s', (file, _, rule) => {
  // A circle is reported once, from whichever end is met first.
  expect(violations.filter((v) => v.from.startsWith(file.replace(/\.\w+$/, ''))).map((v) => v.rule)).toContain(rule)
})

// The step that no import makes: a table of another room, named in a call or in SQL. `tables.test.ts` has the rule and more of these.
test.each([
  ["db.selectFrom('device')", 'reads device, a table of registry'],
  ["sqlite.prepare('UPDATE device SET name = ?')", 'writes device, a table of registry'],
])('services/outages/src/a.ts with %s breaks the privacy of tables', (text, why) => {
  const { uses } = readSource(text)
  expect(foreignUses('services/outages/src/a.ts', uses, { registry: ['device'], outages: ['outage'] })).toMatchObject([
    { why },
  ])
})

test('every rule of the law has a planted violation', () => {
  const config = execFileSync(
    process.execPath,
    [
      '-e',
      "import('./.dependency-cruiser.mjs').then((c) => console.log(JSON.stringify(c.default.forbidden.map((r) => r.name))))",
    ],
    { cwd: root, encoding: 'utf8' },
  )
  const unproven = (JSON.parse(config) as string[]).filter((rule) => !planted.some(([, , name]) => name === rule))
  expect(unproven).toEqual([])
})

/** dependency-cruiser exits with the number of violations, so its exit code is no error here. */
function cruise(cwd: string, paths: string[]): { from: string; rule: string }[] {
  const bin = join(root, 'node_modules/.bin/depcruise')
  const args = [bin, '--config', join(root, '.dependency-cruiser.mjs'), '--output-type', 'json', ...paths]
  let out: string
  try {
    out = execFileSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 1e8 })
  } catch (error) {
    out = (error as { stdout: string }).stdout
  }
  const { summary } = JSON.parse(out) as { summary: { violations: { from: string; rule: { name: string } }[] } }
  return summary.violations.map(({ from, rule }) => ({ from, rule: rule.name }))
}
