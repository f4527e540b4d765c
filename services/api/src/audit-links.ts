/** Links the lines of the audit soon after they are written, whoever wrote them, and tells the newest link to the log: the log is kept elsewhere. */
import { type AuditAnchor, type Deps, linkAudit } from '@hub/platform'

const everyMs = 10_000
/** The anchor is told this often, when it is another one. */
const toldMs = 60_000

export function createAuditLinks({ clock, record, log }: Pick<Deps, 'clock' | 'record' | 'log'>) {
  const endings: (() => void)[] = []
  let anchor: AuditAnchor | undefined
  let told: number | undefined
  const link = () =>
    record.commit(linkAudit).then(
      (newest) => {
        anchor = newest
      },
      (err: unknown) => log.error({ err }, 'the lines of the audit were not linked'),
    )
  const tell = () => {
    if (!anchor || anchor.id === told) return
    told = anchor.id
    log.info({ audit: anchor }, 'the audit reaches to here')
  }
  return {
    start() {
      endings.push(
        clock.every(everyMs, () => void link()),
        clock.every(toldMs, () => void link().then(tell)),
      )
    },
    async stop() {
      for (const end of endings.splice(0)) end()
      await link()
      tell()
    },
  }
}
