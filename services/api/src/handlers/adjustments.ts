/** Exemptions and corrections: applied for, tried out, decided by a second person. */
import { randomUUID } from 'node:crypto'
import { type Adjustment, HubError, type Scope } from '@hub/contracts'
import { decideAdjustment, findAdjustment, insertAdjustment, listAdjustments, listCovered } from '@hub/platform'
import type { Response } from 'express'
import { effectOfAdjustment } from '../adjustments/effect.ts'
import { checkValues, visibleScope } from '../adjustments/values.ts'
import type { Handlers, Viewer } from '../http/call.ts'
import { untilGone } from '../http/gone.ts'
import type { Context } from './context.ts'

type Adjustments = Pick<
  Handlers,
  'adjustments' | 'requestAdjustment' | 'previewAdjustment' | 'adjustmentEffect' | 'decideAdjustment'
>

export function adjustmentHandlers({ clock, record, adjustments: index, notice }: Context): Adjustments {
  const shown = (adjustment: Adjustment, viewer: Scope): Adjustment => ({
    ...adjustment,
    scope: visibleScope(adjustment.scope, viewer),
  })
  const effect = (asked: Parameters<typeof effectOfAdjustment>[0], viewer: Viewer, res: Response) =>
    effectOfAdjustment(asked, { record, index, scope: viewer.scope, now: clock.now(), signal: untilGone(res) })

  return {
    async adjustments({ viewer, query }) {
      const all = await listAdjustments(record, viewer.scope, query)
      return all.map((adjustment) => shown(adjustment, viewer.scope))
    },

    async requestAdjustment({ viewer, body }) {
      await checkValues(record, body.scope, viewer.scope)
      const within = withinOf(viewer.scope)
      const by = { id: randomUUID(), within, requestedBy: viewer.user, requestedAt: clock.now() }
      const adjustment = await insertAdjustment(record, body, by)
      notice('adjustments', adjustment.id)
      return adjustment
    },

    async previewAdjustment({ viewer, body, res }) {
      await checkValues(record, body.scope, viewer.scope)
      return effect({ ...body, within: withinOf(viewer.scope) }, viewer, res)
    },

    async adjustmentEffect({ viewer, params, res }) {
      return effect(await findAdjustment(record, viewer.scope, params.id), viewer, res)
    },

    async decideAdjustment({ viewer, params: { id }, body }) {
      const found = await findAdjustment(record, viewer.scope, id)
      const isOwn = found.requestedBy === viewer.user
      if (!(body.decision === 'withdraw' && isOwn)) await requireAuthority(found, viewer)
      const by = { ...body, decidedBy: viewer.user, decidedAt: clock.now() }
      const adjustment = await decideAdjustment(record, viewer.scope, id, by)
      notice('adjustments', id)
      return shown(adjustment, viewer.scope)
    },
  }

  /** Whoever decides may approve, and sees every device that it is about. */
  async function requireAuthority(adjustment: Adjustment, { role, permissions, scope }: Viewer): Promise<void> {
    const denied = (limit: string) => new HubError('permission.denied', { value: role, limit })
    if (!permissions.includes('approve')) throw denied('approve')
    const covered = await record.commit((sqlite) => listCovered(sqlite, adjustment, 'city').length)
    if (scope !== 'city' && covered > adjustment.devices) throw denied('approve beyond the own districts')
  }
}

const withinOf = (scope: Scope): Adjustment['within'] => (scope === 'city' ? 'city' : [...scope])
