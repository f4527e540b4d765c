/** `npm run check`: what must hold at every commit, in under two minutes. Prints a line for each part. */
import { fileURLToPath } from 'node:url'
import { installPackages, runQuietly, say } from './lib.mjs'

/** The longest first: svelte-check takes about as long as all the others together. */
const parts = [
  [
    'types of the console',
    'svelte-check',
    ['--workspace', 'console', '--tsconfig', './tsconfig.json', '--fail-on-warnings'],
  ],
  ['types', 'tsc', ['-p', '.']],
  [
    'import law',
    'depcruise',
    ['--config', '.dependency-cruiser.mjs', 'services', 'gateway', 'console/src', 'device-sims', 'infra', 'test'],
  ],
  ['dead code', 'knip', []],
  ['format and lint', 'biome', ['check', '--error-on-warnings', '.']],
  ['generated files fresh', 'node', ['services/contracts/src/generate.ts', '--check']],
]

/** Runs every part, two at a time. Resolves with whether all held. */
export async function check() {
  const queue = [...parts]
  let held = true
  const worker = async () => {
    for (let part = queue.shift(); part; part = queue.shift()) {
      const [name, command, args] = part
      const { code, output } = await runQuietly(command, args)
      say(`${code === 0 ? '✓' : '✗'} ${name}`)
      if (code !== 0) {
        held = false
        console.log(output)
      }
    }
  }
  await Promise.all([worker(), worker()])
  return held
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await installPackages()
  const held = await check()
  const unit = await runQuietly('vitest', ['run', '--project', 'unit'])
  say(`${unit.code === 0 ? '✓' : '✗'} unit tests`)
  console.log(unit.code === 0 ? unit.output.split('\n').slice(-8).join('\n') : unit.output)
  process.exit(held && unit.code === 0 ? 0 : 1)
}
