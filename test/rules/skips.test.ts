import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const tests = execFileSync(
  'git',
  ['ls-files', '-co', '--exclude-standard', '*.test.ts', '**/testing/*.ts', 'test/**'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((file) => /\.ts$/.test(file) && !/^test\/(rules|support)\//.test(file) && existsSync(join(root, file)))
const using = (marks: RegExp) => tests.filter((file) => marks.test(readFileSync(join(root, file), 'utf8')))

// What is skipped in any other way neither fails in CI nor comes into the list at the end of `npm test`.
test('a suite that needs something says so by test/support/need.ts', () => {
  expect(tests.length).toBeGreaterThan(150)
  expect(using(/\.(skip|runIf|skipIf|todo)\b\s*\(|\bskip\(\)/)).toEqual([])
})

// It is fed, waited for and ended there. Benchmarks measure their processes, and keep them apart from this.
test('a test starts a program by test/support/program.ts', () => {
  expect(using(/\b(spawn|execFile|fork)\(/).filter((file) => !file.startsWith('test/bench/'))).toEqual([])
})
