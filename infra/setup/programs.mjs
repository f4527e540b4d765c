/**
 * System programs that tests talk to: nobody here wrote them. `programs.json` says how each is seen and which Debian packages bring it;
 * `test/support/need.ts` asks the same table. Installed with apt when root on Debian or Ubuntu.
 */
import { existsSync, readFileSync } from 'node:fs'
import { onPath, runQuietly, say } from './lib.mjs'

const table = JSON.parse(readFileSync(new URL('./programs.json', import.meta.url), 'utf8'))

/** Whether a program of the table is there: its commands on PATH, one of its paths, all of its libraries. */
function has({ commands = [], anyOf = [], libraries = [] }) {
  return (
    commands.every(onPath) &&
    (anyOf.length === 0 || anyOf.some((path) => existsSync(path))) &&
    libraries.every((file) =>
      ['', 'x86_64-linux-gnu/', 'aarch64-linux-gnu/'].some((triple) => existsSync(`/usr/lib/${triple}${file}`)),
    )
  )
}

/** Installs what is missing; what cannot be installed is named, and the tests that need it skip, or fail in CI. */
export async function installPrograms() {
  const absent = Object.values(table).filter((program) => !has(program))
  // Not every distribution has the optional ones: each is installed by itself, so that the others do not fail with it.
  const together = absent.filter(({ optional }) => !optional)
  const missing = [together, ...absent.filter(({ optional }) => optional).map((program) => [program])]
    .map((group) => group.flatMap(({ packages }) => packages))
    .filter((group) => group.length > 0)
  if (missing.length === 0) return
  const commands = missing.map((group) => `apt-get install -y --no-install-recommends ${group.join(' ')}`)
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    const asked = commands.map((command) => `sudo ${command}`).join('; ')
    say(`缺少测试程序 missing programs, tests that need them will skip. To install: ${asked}`)
    return
  }
  say(`安装测试程序 installing ${missing.flat().join(' ')}`)
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  await runQuietly('apt-get', ['update', '-qq'], options)
  for (const [n, command] of commands.entries()) {
    const { code, output } = await runQuietly('sh', ['-c', command], options)
    if (code !== 0)
      say(
        `${missing[n].join(' ')}: apt-get failed; tests that need these programs will skip:\n${output.split('\n').slice(-8).join('\n')}`,
      )
  }
}
