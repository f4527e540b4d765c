/**
 * The first logins. They are shown on the terminal of whoever starts the hub; what is no terminal becomes a log, so there each lies in a
 * private file until its password is changed.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '@hub/platform'

export interface FirstLogins {
  show(user: string, password: string): void
  /** The password was changed: what was shown is worth nothing now. */
  used(user: string): void
}

/** @param folder of the hub's data */
export function createFirstLogins(
  folder: string,
  log: Log,
  terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stdout,
): FirstLogins {
  const fileOf = (user: string) => join(folder, `first-login-${user}`)
  return {
    show(user, password) {
      if (terminal.isTTY) return void terminal.write(`first login: user ${user} password ${password}\n`)
      const file = fileOf(user)
      writeFileSync(file, `${password}\n`, { mode: 0o600 })
      log.warn({ user, file }, 'the password of the first login is in this file until it is changed')
    },
    used: (user) => rmSync(fileOf(user), { force: true }),
  }
}
