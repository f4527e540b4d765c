/** `npm start`: set-up, then the city. Everything after set-up runs on Node 24. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildConsole, env, installPackages, node24, root, say } from './lib.mjs'

await installPackages()
await buildConsole()
say('启动 starting')
const child = spawn(node24, [join(root, 'infra/demo/start.ts'), ...process.argv.slice(2)], {
  cwd: root,
  env,
  stdio: 'inherit',
})
// Ctrl-C reaches the child by the terminal; a signal sent to this process alone is passed on.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.stdin.isTTY || child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)))
