/** The program's own files: those of tests, and of what only tests use, may do as they like. So may the verifier, which reads a file that is nobody's. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { frozen } from './owners.ts'

const root = join(import.meta.dirname, '../../..')
const exempt = /\.test\.ts$|\/testing\/|^infra\/verify\//

export type SourceFile = { file: string; text: string }

export function programFiles(): SourceFile[] {
  const tracked = execFileSync(
    'git',
    ['ls-files', '-co', '--exclude-standard', 'services', 'gateway', 'infra', 'device-sims'],
    { cwd: root, encoding: 'utf8' },
  )
  return tracked
    .split('\n')
    .filter((file) => /\.(ts|mjs)$/.test(file) && !exempt.test(file) && !frozen.some((path) => file.startsWith(path)))
    .filter((file) => existsSync(join(root, file)))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
}
