/** Whether what an exemption or correction names is there, and the viewer's to name. */
import {
  type AdjustmentRequest,
  type AdjustmentScope,
  districtOf,
  HubError,
  inScope,
  limitText,
  type RegistryViews,
  type Scope,
} from '@hub/contracts'
import { type RecordStore, tablesOf } from '@hub/platform'
import type { Kysely } from 'kysely'
import { listCovered } from '../covered.ts'

type Column = 'id' | 'pole' | 'feed'
const columns = { devices: 'id', pole: 'pole', feed: 'feed' } as const satisfies Record<string, Column>
/** Values of one query. */
const asked = 500

/**
 * What is out of the viewer's districts is answered as if there were none.
 * @throws HubError `device.unknown`; `request.invalid` for another value, or when nothing is left after narrowing
 */
export async function checkValues(
  record: RecordStore,
  { scope, from, to }: Pick<AdjustmentRequest, 'scope' | 'from' | 'to'>,
  viewer: Scope,
): Promise<void> {
  const { by, values } = scope
  const invalid = (value: unknown, limit: string) =>
    new HubError('request.invalid', { field: 'scope.values', value, limit })
  if (by === 'district') {
    const foreign = values.find((code) => !inScope(viewer, code))
    if (foreign !== undefined) throw invalid(foreign, limitText('not-in-districts'))
  } else {
    const there = await present(tablesOf<RegistryViews>(record).db, columns[by], values, viewer)
    const missing = values.find((value) => !there.has(value))
    if (missing !== undefined && by === 'devices') throw new HubError('device.unknown', { value: missing })
    if (missing !== undefined) throw invalid(missing, limitText('no-device-has-it'))
  }
  const covered = await record.commit(
    (sqlite) => listCovered(sqlite, { scope, within: 'city', from, to }, viewer).length,
  )
  if (covered === 0) throw invalid(values[0], 'covers no device')
}

async function present(db: Kysely<RegistryViews>, column: Column, values: readonly string[], viewer: Scope) {
  const there = new Set<string | null>()
  for (let i = 0; i < values.length; i += asked) {
    let query = db
      .selectFrom('registry_tenure')
      .select(`${column} as value`)
      .distinct()
      .where(column, 'in', values.slice(i, i + asked))
    if (viewer !== 'city') query = query.where('district', 'in', [...viewer])
    for (const { value } of await query.execute()) there.add(value)
  }
  return there
}

/** As a viewer may read it: devices and districts of others are not named. */
export function visibleScope(scope: AdjustmentScope, viewer: Scope): AdjustmentScope {
  if (viewer === 'city' || (scope.by !== 'devices' && scope.by !== 'district')) return scope
  const districtIn = (value: string) => (scope.by === 'devices' ? (districtOf(value) ?? '') : value)
  return { ...scope, values: scope.values.filter((value) => inScope(viewer, districtIn(value))) }
}
