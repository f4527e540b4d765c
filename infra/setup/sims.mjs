/** `npm run sims -- …`: the simulators' command line. */
import { env, installPackages, node24, run } from './lib.mjs'

await installPackages()
process.exit(await run(node24, ['device-sims/src/main.ts', ...process.argv.slice(2)], { env, stdio: 'inherit' }))
