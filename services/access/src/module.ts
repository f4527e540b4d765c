/** Access: who may come in, what he may do, and what he did. */

import { type Deps, type Module, type Sessions, tablesOf } from '@hub/platform'
import { createAuditLinks } from './audit/linker.ts'
import { type AccessConfig, accessConfig } from './config.ts'
import { createFirstLogins } from './first-logins.ts'
import { auditHandlers } from './handlers/audit.ts'
import { sessionHandlers } from './handlers/session.ts'
import { userHandlers } from './handlers/users.ts'
import { accessMigrations } from './migrations/index.ts'
import { createDeferred } from './session/deferred.ts'
import { createLockout } from './session/lockout.ts'
import { createPasswords, type PasswordCost } from './session/passwords.ts'
import { createSessions } from './session/sessions.ts'
import { createUsers } from './session/users.ts'
import type { AccessData } from './tables.ts'
import { accessViews } from './views.ts'

export type AccessOptions = {
  passwordCost?: PasswordCost
  /** Where the first logins are shown, once; default the terminal, or a private file where there is none. Never the log. */
  showFirstLogin?(user: string, password: string): void
}

/** The port that everybody asks who is there. */
export const openSessions = (
  { clock, record, log }: Pick<Deps, 'clock' | 'record' | 'log'>,
  { passwordCost }: AccessOptions = {},
): Sessions =>
  createSessions({
    clock,
    record: tablesOf<AccessData>(record),
    passwords: createPasswords(passwordCost),
    lockout: createLockout(clock),
    deferred: createDeferred(clock, log),
  })

export const createAccessModule = ({ passwordCost, showFirstLogin }: AccessOptions = {}): Module<AccessConfig> => ({
  name: 'access',
  migrations: accessMigrations,
  views: accessViews,
  config: accessConfig,
  routes(deps) {
    const record = tablesOf<AccessData>(deps.record)
    const users = createUsers({ clock: deps.clock, record, passwords: createPasswords(passwordCost) })
    const links = createAuditLinks({ clock: deps.clock, record, log: deps.log })
    const first = showFirstLogin
      ? { show: showFirstLogin, used: () => {} }
      : createFirstLogins(deps.config.data, deps.log)
    return {
      handlers: {
        ...sessionHandlers({ ...deps, first }),
        ...userHandlers({ ...deps, users, first }),
        ...auditHandlers({ clock: deps.clock, record }),
      },
      async start() {
        await users.createFirst(deps.config.adminPassword, first.show)
        links.start()
      },
      stop: links.stop,
    }
  },
})

export const accessModule = createAccessModule()
