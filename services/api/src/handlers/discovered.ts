/** Discovery: what was found, and its approval. Nothing is spoken to before it is approved. */
import { errorMessage, HubError } from '@hub/contracts'
import { approve, type Binding, type Wish } from '../approval.ts'
import { audit } from '../audit.ts'
import type { Handlers, Viewer } from '../http/call.ts'
import { findDevice } from '../store/devices.ts'
import { listDiscovered } from '../store/discovered.ts'
import type { Context } from './context.ts'

export function discoveredHandlers(context: Context): Pick<Handlers, 'discovered' | 'approve'> {
  const { clock, record, registryChanged } = context
  return {
    discovered: ({ viewer }) => listDiscovered(record.db, viewer.scope),

    async approve({ viewer, body, language }) {
      const found = Map.groupBy(await listDiscovered(record.db, viewer.scope), (row) => row.endpoint)
      const approved: string[] = []
      const refused: { endpoint: string; problem: string }[] = []
      const gateways = new Set<string>()
      for (const wish of body.approve) {
        try {
          const rows = found.get(wish.endpoint)
          const binding = approve(wish, rows?.find((row) => row.status === 'waiting') ?? rows?.[0])
          await bind(context, binding, wish, viewer)
          approved.push(binding.device)
          gateways.add(binding.gateway)
        } catch (error) {
          if (!(error instanceof HubError)) throw error
          refused.push({ endpoint: wish.endpoint, problem: errorMessage(error.code, error.params, language) })
        }
      }
      if (gateways.size > 0) registryChanged(gateways)
      return { approved, refused }
    },
  }

  async function bind({ config }: Context, binding: Binding, wish: Wish, viewer: Viewer): Promise<void> {
    const { device, gateway, endpoint, xaddr } = binding
    const now = clock.now()
    await record.transaction(async (trx) => {
      const target = await findDevice(trx, viewer.scope, device)
      if (!target) throw new HubError('device.unknown', { value: device })
      if (target.row.kind !== 'camera')
        throw new HubError('request.invalid', { field: 'device', value: device, limit: 'must be a camera' })
      const credential = wish.credential ?? config.demo?.credential ?? 'default'
      await trx
        .updateTable('device')
        .set({ gateway, endpoint, xaddr, credential, updated_at: now })
        .where('id', '=', device)
        .execute()
      await trx
        .updateTable('discovered')
        .set({ status: 'approved', device })
        .where('gateway', '=', gateway)
        .where('endpoint', '=', endpoint)
        .execute()
      const detail = { endpoint, xaddr, gateway, credential, ...(wish.confirm ? { confirm: wish.confirm } : {}) }
      await audit(trx, now, { actor: viewer.user, action: 'discovered.approve', subject: device, detail })
    })
  }
}
