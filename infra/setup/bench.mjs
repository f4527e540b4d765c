/** `npm run bench -- NAME [options]`: one benchmark of test/bench, or all. The last line each prints is one JSON object. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fail, installPackages, node24, root, run } from './lib.mjs'

await installPackages()
const names = readdirSync(join(root, 'test/bench'))
  // A helper that several share is none.
  .filter((file) => file.endsWith('.ts') && file !== 'influxd.ts')
  .map((file) => file.slice(0, -3))
const [name, ...rest] = process.argv.slice(2)
if (name && !names.includes(name)) fail(`there is no benchmark ${name}: there are ${names.join(', ')}`)
for (const one of name ? [name] : names) {
  const code = await run(node24, [`test/bench/${one}.ts`, ...rest])
  if (code !== 0) process.exit(code)
}
