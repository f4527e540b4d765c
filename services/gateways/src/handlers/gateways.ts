/** Gateways: the list, and discovery on request. */

import { HubError, type Scope } from '@hub/contracts'
import { type Deps, type Handlers, tablesOf } from '@hub/platform'
import { decideKey, listKeys } from '../keys.ts'
import { listGateways } from '../list.ts'
import type { GatewaysData } from '../tables.ts'

export function gatewayHandlers({
  audit,
  clock,
  commands,
  record,
}: Pick<Deps, 'audit' | 'clock' | 'commands' | 'record'>): Pick<
  Handlers,
  'gateways' | 'discover' | 'addCamera' | 'decideGatewayKey'
> {
  const own = tablesOf<GatewaysData>(record)
  const { db } = own
  const mustSee = async (scope: Scope, gateway: string): Promise<void> => {
    const seen = await listGateways(db, scope, clock.now())
    if (!seen.some((each) => each.gateway === gateway)) throw new HubError('gateway.unknown', { value: gateway })
  }
  return {
    gateways: ({ viewer }) => listGateways(db, viewer.scope, clock.now()),

    async decideGatewayKey({ viewer, params: { id }, body }) {
      await mustSee(viewer.scope, id)
      const by = { audit, actor: viewer.user, now: clock.now() }
      await own.transaction((trx) => decideKey(trx, id, body, by))
      return (await listKeys(db)).get(id) ?? []
    },

    async discover({ viewer, params }) {
      await mustSee(viewer.scope, params.id)
      await audit.append(db, {
        at: clock.now(),
        actor: viewer.user,
        action: 'gateway.discover',
        subject: params.id,
      })
      const { gateway, at, result } = await commands.send(params.id, { name: 'discover' })
      return { gateway, at, ...(result === undefined ? {} : { result }) }
    },

    async addCamera({ viewer, params, body }) {
      await mustSee(viewer.scope, params.id)
      await audit.append(db, {
        at: clock.now(),
        actor: viewer.user,
        action: 'gateway.add-camera',
        subject: params.id,
        detail: body,
      })
      const { gateway, at, result } = await commands.send(params.id, { name: 'add-camera', args: body })
      return { gateway, at, ...(result === undefined ? {} : { result }) }
    },
  }
}
