import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file && existsSync(join(root, file)))
const texts = tracked.filter((file) => /\.(ts|mjs|svelte|json|ya?ml|md|css|html|sh)$|(^|\/)(\.npmrc|run)$/.test(file))

test('the top level is the one the client named', () => {
  const visible = new Set(tracked.map((file) => file.split('/')[0]!).filter((name) => !name.startsWith('.')))
  const tooling = [
    'biome.json',
    'knip.json',
    'package-lock.json',
    'tsconfig.base.json',
    'tsconfig.json',
    'vitest.config.ts',
  ]
  const named = ['package.json', 'services', 'gateway', 'console', 'device-sims', 'infra', 'test']
  const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md']
  expect([...visible].filter((name) => !tooling.includes(name)).sort()).toEqual([...named, ...documents].sort())
})

test('no committed file names a package registry or a path of a machine', () => {
  const forbidden = new RegExp(
    ['registry\\.npm' + 'js', 'npmmirror' + '\\.', '/work' + '/main', '/ro' + 'ot/', '/home' + '/[a-z]'].join('|'),
  )
  const offenders = texts.filter((file) => forbidden.test(read(file)))
  expect(offenders).toEqual([])
})

test('every dependency of a workspace has one exact version, or is a workspace', () => {
  const loose: string[] = []
  for (const file of tracked.filter((name) => name.endsWith('package.json') && name !== 'package.json')) {
    const { dependencies = {} } = JSON.parse(read(file)) as { dependencies?: Record<string, string> }
    for (const [name, version] of Object.entries(dependencies))
      if (name.startsWith('@hub/') ? version !== '*' : !/^\d+\.\d+\.\d+$/.test(version))
        loose.push(`${file}: ${name} ${version}`)
  }
  expect(loose).toEqual([])
})

test('every link between the documents leads somewhere', () => {
  const dead: string[] = []
  for (const file of tracked.filter((name) => name.endsWith('.md')))
    for (const [, target] of read(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g))
      if (!existsSync(join(root, normalize(join(dirname(file), target!))))) dead.push(`${file} → ${target}`)
  expect(dead).toEqual([])
})

test('the walk from probe to screen has at most twelve steps, each another file of the program', () => {
  const walk = read('infra/adr/0007-walk.md')
  const steps = [...walk.matchAll(/^\| (\d+) \| [^|]+ \| \[([^\]]+)\]\(\.\.\/\.\.\/([^)]+)\) \|/gm)]
  expect(steps.map(([, number]) => Number(number))).toEqual(steps.map((_, n) => n + 1))
  expect(steps.length).toBeGreaterThan(8)
  expect(steps.length).toBeLessThanOrEqual(12)
  const files = steps.map(([, , name, link]) => (name === link ? name! : `${name} is a link to ${link}`))
  expect(new Set(files).size).toBe(files.length)
  expect(files.filter((file) => !tracked.includes(file))).toEqual([])
})

test('no test is switched off, and no check is silenced', () => {
  const marks = new RegExp(
    [
      '\\.on' + 'ly\\(',
      '@ts-' + 'ignore',
      '@ts-no' + 'check',
      'as ' + 'any\\b(?! [a-z])',
      'TO' + 'DO',
      'FIX' + 'ME',
    ].join('|'),
  )
  expect(texts.filter((file) => /\.(ts|svelte|mjs)$/.test(file) && marks.test(read(file)))).toEqual([])
})

// Unit tests of many files share a process (vitest.config.ts): what one changes for all, the next would meet.
test('no unit test changes what others share', () => {
  const marks = new RegExp(
    [
      '\\bvi\\.(do)?mo' + 'ck\\(',
      'vi\\.stub' + '(Global|Env)',
      'process\\.ch' + 'dir\\(',
      '(process\\.env|globalThis)(\\.\\w+|\\[[^\\]]+\\]) = ',
    ].join('|'),
  )
  const unit = tracked.filter(
    (file) => file.endsWith('.test.ts') && !/\.peer\.test\.ts$|^test\/(e2e|peers)\//.test(file),
  )
  expect(unit.length).toBeGreaterThan(100)
  expect(unit.filter((file) => marks.test(read(file)))).toEqual([])
})
