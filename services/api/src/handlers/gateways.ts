/** Gateways: the list, and discovery on request. */
import { HubError } from '@hub/contracts'
import { audit } from '../audit.ts'
import type { Handlers } from '../http/call.ts'
import { listGateways } from '../store/gateways.ts'
import type { Context } from './context.ts'

export const gatewayHandlers = ({ clock, record, commander }: Context): Pick<Handlers, 'gateways' | 'discover'> => ({
  gateways: ({ viewer }) => listGateways(record.db, viewer.scope, clock.now()),

  async discover({ viewer, params }) {
    const seen = await listGateways(record.db, viewer.scope, clock.now())
    if (!seen.some((g) => g.gateway === params.id)) throw new HubError('gateway.unknown', { value: params.id })
    await audit(record.db, clock.now(), { actor: viewer.user, action: 'gateway.discover', subject: params.id })
    const { gateway, at, result } = await commander.send(params.id, { name: 'discover' })
    return { gateway, at, ...(result === undefined ? {} : { result }) }
  },
})
