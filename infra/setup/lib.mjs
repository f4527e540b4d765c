/** What every set-up script shares. Runs on any Node ≥ 20 with nothing installed: only Node's own modules here. */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const bin = join(root, 'node_modules/.bin')
export const node24 = join(bin, 'node')
/** Node 24 and the project's tools come first, whatever the machine has. */
export const env = {
  // What Node made of the sources is kept for the next start.
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'),
  ...process.env,
  // Debian keeps servers such as mosquitto where only root's PATH looks.
  PATH: `${bin}:${process.env.PATH}:/usr/sbin`,
}

const startedAt = Date.now()
/** One progress line: seconds since the start, then what is being done. */
export function say(text) {
  console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s] ${text}`)
}

export function fail(text) {
  console.error(text)
  process.exit(1)
}

/** Runs to its end with the terminal's output. Resolves with the exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], ...options })
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal ? 1 : code))
  })
}

/** Runs to its end and keeps what it prints, to be shown only when it fails. */
export function runQuietly(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve({ code: signal ? 1 : code, output }))
  })
}

export const onPath = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { env }).status === 0

/** A stamp file remembers what a result was made from; the work is done again when that changed or the result is gone. */
async function once(stamp, result, fingerprint, work) {
  const file = join(root, 'node_modules/.cache/hub', stamp)
  if (existsSync(result) && existsSync(file) && readFileSync(file, 'utf8') === fingerprint) return
  await work()
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, fingerprint)
}

const hash = (files) => {
  const sum = createHash('sha256')
  for (const file of files) sum.update(file).update(readFileSync(join(root, file)))
  return sum.digest('hex')
}

/**
 * Installs what the lock file says, when that changed. Brings Node 24 by the npm package `node`. Not `npm ci`: it refuses a
 * lock file made where the registry lacks some optional package of another platform.
 */
export async function installPackages() {
  await once('packages', node24, hash(['package-lock.json']), async () => {
    say('安装依赖 installing packages')
    const { code, output } = await runQuietly('npm', ['install', '--no-save', '--no-audit', '--no-fund'])
    if (code !== 0 || !existsSync(node24)) fail(`npm install failed:\n${output}`)
  })
}

/** Builds the console when one of its sources changed since the last build. */
export async function buildConsole() {
  const sources = filesUnder(['console/src', 'console/public', 'services/contracts/src', 'services/core/src'])
  const fingerprint = hash([...sources, 'console/index.html', 'console/vite.config.ts', 'package-lock.json'])
  await once('console', join(root, 'console/dist/index.html'), fingerprint, async () => {
    say('构建控制台 building the console')
    const { code, output } = await runQuietly('npm', ['run', 'build', '-w', 'console'])
    if (code !== 0) fail(`the console did not build:\n${output}`)
  })
}

function filesUnder(folders) {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name))),
    )
    .sort()
}
