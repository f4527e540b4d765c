/** Links the lines of the audit soon after they are written, whoever wrote them, and tells the newest link to the log: the log is kept elsewhere. */
import { type AuditAnchor, type Deps, linkAudit } from '@hub/platform'

const everyMs = 60_000

export function createAuditLinks({ clock, record, log }: Pick<Deps, 'clock' | 'record' | 'log'>) {
  const endings: (() => void)[] = []
  let told: number | undefined
  const tell = (anchor: AuditAnchor | undefined) => {
    if (!anchor || anchor.id === told) return
    told = anchor.id
    log.info({ audit: anchor }, 'the audit reaches to here')
  }
  const link = () =>
    record.commit(linkAudit).then(tell, (err: unknown) => log.error({ err }, 'the lines of the audit were not linked'))
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
