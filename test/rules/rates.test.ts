/** One way to make digits of a rate: `core/common/cut`. Whatever rounds one shows a target as reached that was missed. */
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const files = globSync(['console/src/**/*.{ts,svelte}', 'services/*/src/**/*.ts', 'gateway/src/**/*.ts'], {
  exclude: ['**/node_modules/**', '**/*.test.ts', '**/testing/**'],
}).filter((file) => file !== 'services/core/src/common/cut.ts')

/** Ways to print a share that round: a factor of a hundred beside digits, a percent sign after them, the formatter of the language. */
const rounding = [
  /\*\s*(100|1_000|10_000|1e[234])\b[^\n]*\.(toFixed|toPrecision)\(/,
  /Math\.(round|ceil)\([^\n]*\*\s*(100|1_000|10_000|1e[234])\b[^\n]*%/,
  /\.(toFixed|toPrecision)\(\d*\)[^\n`'"]{0,12}(\$\{space\})?%/,
  /style:\s*['"]percent['"]/,
  /\b\w*([rR]ate|[sS]hare)\w*\)?\.(toFixed|toPrecision|toLocaleString)\(/,
]
const roundsRate = (line: string) => rounding.some((pattern) => pattern.test(line))

test('no line prints a rate but by the one cut', () => {
  expect(files.length).toBeGreaterThan(500)
  const found = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, n) => (roundsRate(line) ? [`${file}:${n + 1} ${line.trim()}`] : [])),
  )
  expect(found).toEqual([])
})

test.each([
  ['(value * 100).toFixed(2)', true],
  ['{Math.round(v * 1_000) / 10} %', true],
  ['(Math.floor(rate * 10_000) / 100).toFixed(2)', true],
  ["new Intl.NumberFormat('zh', { style: 'percent' })", true],
  ['cell.rate.toFixed(4)', true],
  ['deduction.toFixed(2)', false],
  ['percentDigits(rate)', false],
  ['Math.floor(job.progress * 100)', false],
])('%s: %s', (line, found) => expect(roundsRate(line)).toBe(found))
