/** Commands to one device through its gateway, and how its gateway sees it. */

import { DeviceExplanation, HubError, limitText, type Scope } from '@hub/contracts'
import { requireSeen } from '@hub/core'
import { type Deps, type Handlers, tablesOf } from '@hub/platform'
import { visibleDevice } from '../devices.ts'
import type { GatewaysData } from '../tables.ts'

export function commandHandlers({
  audit,
  clock,
  commands,
  record,
}: Pick<Deps, 'audit' | 'clock' | 'commands' | 'record'>): Pick<Handlers, 'explain' | 'command' | 'acceptCertificate'> {
  const { db } = tablesOf<GatewaysData>(record)

  const gatewayOf = async (scope: Scope, device: string, command: string): Promise<string> => {
    const { gateway } = await visibleDevice(db, scope, device)
    if (gateway !== null) return gateway
    throw new HubError('command.failed', { field: command, limit: limitText('no-gateway') })
  }

  return {
    async explain({ viewer, params }) {
      requireSeen(viewer.devices, params.id)
      const asked = await gatewayOf(viewer.scope, params.id, 'explain')
      const { gateway, at, result } = await commands.send(asked, { name: 'explain', device: params.id })
      // Held to its schema: what a gateway says beside it goes no further.
      const explanation = DeviceExplanation.shape.explanation.safeParse(result)
      if (!explanation.success || explanation.data.device !== params.id)
        throw new HubError('command.failed', { field: 'explain', limit: limitText('gateway-answer') })
      return { gateway, at, explanation: explanation.data }
    },

    async command({ viewer, params, body }) {
      const asked = await gatewayOf(viewer.scope, params.id, body.name)
      const detail = { name: body.name, ...(body.args ? { args: body.args } : {}) }
      await audit.append(db, {
        at: clock.now(),
        actor: viewer.user,
        action: 'device.command',
        subject: params.id,
        detail,
      })
      const { gateway, at, result } = await commands.send(asked, { ...body, device: params.id })
      return { gateway, at, ...(result === undefined ? {} : { result }) }
    },

    async acceptCertificate({ viewer, params, body }) {
      const name = 'accept-certificate'
      const asked = await gatewayOf(viewer.scope, params.id, name)
      const act = { actor: viewer.user, action: 'device.certificate', subject: params.id } as const
      await audit.append(db, { at: clock.now(), ...act, detail: body })
      const { gateway, at } = await commands.send(asked, { name, args: body, device: params.id })
      return { gateway, at }
    },
  }
}
