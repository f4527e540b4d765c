/** Links the lines of the audit soon after they are written, whoever wrote them, and writes the newest link to the log: the log is kept elsewhere. */

import { minuteMs } from '@hub/core'
import type { Clock, Log, RecordStore } from '@hub/platform'
import type { AccessTables } from '../tables.ts'
import { type AuditAnchor, linkAudit } from './chain.ts'

type Parts = { clock: Clock; record: RecordStore<AccessTables>; log: Log }

const everyMs = minuteMs

export function createAuditLinks({ clock, record, log }: Parts) {
  const endings: (() => void)[] = []
  let logged: number | undefined
  const logAnchor = (anchor: AuditAnchor | undefined) => {
    if (!anchor || anchor.id === logged) return
    logged = anchor.id
    log.info({ audit: anchor }, 'the audit reaches to here')
  }
  const link = () =>
    record
      .transaction(linkAudit)
      .then(logAnchor, (err: unknown) => log.error({ err }, 'the lines of the audit were not linked'))
  return {
    start() {
      endings.push(clock.every(everyMs, () => void link()))
    },
    async stop() {
      for (const end of endings.splice(0)) end()
      await link()
    },
  }
}
