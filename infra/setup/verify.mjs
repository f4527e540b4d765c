/** `npm run verify -- PACK.zip [--anchor FILE]`: verifies a sealed scorecard off line. Any Node from 24 on will do, without a package installed. */
import { existsSync } from 'node:fs'
import { env, node24, root, run } from './lib.mjs'

const node = existsSync(node24) ? node24 : process.execPath
process.exit(
  await run(node, [`${root}/infra/verify/main.ts`, ...process.argv.slice(2)], {
    env,
    stdio: 'inherit',
    cwd: process.env.INIT_CWD ?? process.cwd(),
  }),
)
