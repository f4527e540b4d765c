/** Exemptions and corrections: applied for, tried out, decided by a second person. */
import { randomUUID } from 'node:crypto'
import { type Adjustment, HubError, limitText, type RegistryViews, type Scope } from '@hub/contracts'
import { requireSeen } from '@hub/core'
import { type Deps, type Handlers, tablesOf, type Viewer } from '@hub/platform'
import { effectOfAdjustment } from '../adjustments/effect.ts'
import {
  decideAdjustment,
  findAdjustment,
  insertAdjustment,
  listAdjustments,
  listCovering,
} from '../adjustments/store.ts'
import { checkValues, visibleScope } from '../adjustments/values.ts'
import { listCovered } from '../covered.ts'
import { requireDevice } from '../device.ts'

type Adjustments = Pick<
  Handlers,
  | 'adjustments'
  | 'deviceAdjustments'
  | 'requestAdjustment'
  | 'previewAdjustment'
  | 'adjustmentEffect'
  | 'decideAdjustment'
>

export function adjustmentHandlers({
  audit,
  clock,
  exemptions: index,
  outbox,
  publishChange,
  record,
}: Deps): Adjustments {
  const { db } = tablesOf<RegistryViews>(record)
  const shown = (adjustment: Adjustment, viewer: Scope): Adjustment => ({
    ...adjustment,
    scope: visibleScope(adjustment.scope, viewer),
  })
  const effect = (asked: Parameters<typeof effectOfAdjustment>[0], viewer: Viewer, signal: AbortSignal) =>
    effectOfAdjustment(asked, { record, index, scope: viewer.scope, now: clock.now(), signal })

  return {
    async adjustments({ viewer, query }) {
      const all = await listAdjustments(record, viewer.scope, query)
      return all.map((adjustment) => shown(adjustment, viewer.scope))
    },

    async deviceAdjustments({ viewer, params: { id } }) {
      requireSeen(viewer.devices, id)
      await requireDevice(db, viewer.scope, id)
      const covering = await listCovering(record, viewer.scope, id)
      // How many others it covers, and which, is nobody's who sees one device.
      return covering.map((one) => ({
        ...one,
        scope: one.scope.by === 'devices' ? { ...one.scope, values: [id] } : one.scope,
        devices: 1,
      }))
    },

    async requestAdjustment({ viewer, body }) {
      await checkValues(record, body, viewer.scope)
      requirePast(body)
      const within = withinOf(viewer.scope)
      const by = { id: randomUUID(), within, requestedBy: viewer.user, requestedAt: clock.now() }
      const { adjustment, districts } = await insertAdjustment({ record, audit }, body, by)
      publishChange({ what: 'adjustments', id: adjustment.id, districts })
      return adjustment
    },

    async previewAdjustment({ viewer, body, gone }) {
      await checkValues(record, body, viewer.scope)
      requirePast(body)
      return effect({ ...body, within: withinOf(viewer.scope) }, viewer, gone)
    },

    async adjustmentEffect({ viewer, params, gone }) {
      return effect(await findAdjustment(record, viewer.scope, params.id), viewer, gone)
    },

    async decideAdjustment({ viewer, params: { id }, body }) {
      const found = await findAdjustment(record, viewer.scope, id)
      const isOwn = found.requestedBy === viewer.user
      if (!(body.decision === 'withdraw' && isOwn)) await requireAuthority(found, viewer)
      const by = { ...body, decidedBy: viewer.user, decidedAt: clock.now() }
      const { adjustment, districts } = await decideAdjustment({ record, audit, outbox }, viewer.scope, id, by)
      publishChange({ what: 'adjustments', id, districts })
      return shown(adjustment, viewer.scope)
    },
  }

  /** What the record is from now on is said by the record itself. */
  function requirePast({ kind, to }: Pick<Adjustment, 'kind' | 'to'>): void {
    const now = clock.now()
    if (kind === 'record' && to > now)
      throw new HubError('request.invalid', { field: 'to', value: to, limit: limitText('in-the-past', { now }) })
  }

  /** Whoever decides may approve, and sees every device that it is about. */
  async function requireAuthority(adjustment: Adjustment, { role, permissions, scope }: Viewer): Promise<void> {
    const denied = (limit: string) => new HubError('permission.denied', { value: role, limit })
    if (!permissions.includes('approve')) throw denied('approve')
    const covered = await record.commit((sqlite) => listCovered(sqlite, adjustment, 'city').length)
    if (scope !== 'city' && covered > adjustment.devices)
      throw denied(limitText('beyond-districts', { what: 'approve' }))
  }
}

const withinOf = (scope: Scope): Adjustment['within'] => (scope === 'city' ? 'city' : [...scope])
