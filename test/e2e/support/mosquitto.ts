/** Files of a mosquitto broker: logins by password file, nothing kept on disk. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Login } from '../../../infra/demo/files.ts'

/** @returns arguments for the program */
export function mosquittoFiles(dir: string, port: number, logins: readonly Login[]): string[] {
  const passwords = join(dir, 'mosquitto.passwords')
  writeFileSync(passwords, logins.map(({ user, password }) => `${user}:${password}\n`).join(''), { mode: 0o600 })
  execFileSync('mosquitto_passwd', ['-U', passwords])
  const config = join(dir, 'mosquitto.conf')
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous false',
    `password_file ${passwords}`,
    'persistence false',
    // Started as root it would become a user that cannot read the password file.
    'user root',
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  return ['-c', config]
}
