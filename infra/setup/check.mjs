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
  ['subjects of commits', 'node', ['infra/setup/subjects.mjs']],
]

/** Runs every part, two at a time. Resolves with those that did not hold: name and end of output. */
export async function check() {
  const queue = [...parts]
  const notHeld = []
  const worker = async () => {
    for (let part = queue.shift(); part; part = queue.shift()) {
      const [name, command, args] = part
      const { code, output } = await runQuietly(command, args)
      say(`${code === 0 ? '✓' : '✗'} ${name}`)
      if (code !== 0) notHeld.push(`${name}\n${output.slice(-1_500)}`)
      // The subjects say, too, when they could not be looked at.
      if (code !== 0 || args.includes('infra/setup/subjects.mjs')) process.stdout.write(output)
    }
  }
  await Promise.all([worker(), worker()])
  return notHeld
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await installPackages()
  const notHeld = await check()
  const unit = await runQuietly('vitest', ['run', '--project', 'unit', '--project', 'components'])
  say(`${unit.code === 0 ? '✓' : '✗'} unit and component tests`)
  console.log(unit.code === 0 ? unit.output.split('\n').slice(-8).join('\n') : unit.output)
  process.exit(notHeld.length === 0 && unit.code === 0 ? 0 : 1)
}
