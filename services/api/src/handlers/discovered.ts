/** Discovery: what was found, and its approval. Nothing is spoken to before it is approved. */
import { type DiscoveredRow, errorMessage, HubError } from '@hub/contracts'
import { type Approved, approve, listDiscovered } from '@hub/platform'
import { judgeApproval, type Wish } from '../approval.ts'
import { audit } from '../audit.ts'
import type { Handlers, Viewer } from '../http/call.ts'
import { findDevice } from '../store/devices.ts'
import type { Context } from './context.ts'

export function discoveredHandlers(context: Context): Pick<Handlers, 'discovered' | 'approve'> {
  const { config, clock, record, registryChanged } = context
  const defaultCredential = config.demo?.credential ?? 'default'

  const list = async (viewer: Viewer): Promise<DiscoveredRow[]> =>
    (await listDiscovered(record.db, viewer.scope)).map(({ device: _, ...row }) => row)

  async function bind(approved: Approved, wish: Wish, viewer: Viewer): Promise<void> {
    const { device, ...detail } = approved
    const now = clock.now()
    await record.transaction(async (trx) => {
      const target = await findDevice(trx, viewer.scope, device)
      if (!target) throw new HubError('device.unknown', { value: device })
      if (target.row.kind !== 'camera')
        throw new HubError('request.invalid', { field: 'device', value: device, limit: 'must be a camera' })
      await approve(trx, [approved], now)
      await audit(trx, now, {
        actor: viewer.user,
        action: 'discovered.approve',
        subject: device,
        detail: { ...detail, ...(wish.confirm ? { confirm: wish.confirm } : {}) },
      })
    })
  }

  return {
    discovered: ({ viewer }) => list(viewer),

    async approve({ viewer, body, language }) {
      const found = Map.groupBy(await list(viewer), (row) => row.endpoint)
      const approved: string[] = []
      const refused: { endpoint: string; problem: string }[] = []
      const gateways = new Set<string>()
      for (const wish of body.approve) {
        try {
          const rows = found.get(wish.endpoint)
          const waiting = rows?.find((row) => row.status === 'waiting') ?? rows?.[0]
          const wanted = judgeApproval(wish, waiting, defaultCredential)
          await bind(wanted, wish, viewer)
          approved.push(wanted.device)
          gateways.add(wanted.gateway)
        } catch (error) {
          if (!(error instanceof HubError)) throw error
          refused.push({ endpoint: wish.endpoint, problem: errorMessage(error.code, error.params, language) })
        }
      }
      if (gateways.size > 0) registryChanged(gateways)
      return { approved, refused }
    },
  }
}
