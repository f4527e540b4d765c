/** Which devices an exemption or correction is about. */
import type { Adjustment, AdjustmentScope, Application, Carrier, DeviceKind } from '@hub/contracts'
import { inScope } from '@hub/contracts'

/** What a scope observations at. `feed`: the power source (取电). */
export type AdjustableDevice = {
  id: string
  district: string
  carrier: string
  application: string
  kind: string
  pole: string | null
  feed: string | null
}

/** Named by the scope, narrowed by what it narrows by, and never beyond the districts of whoever entered it. */
export const covers = (a: Pick<Adjustment, 'scope' | 'within'>, device: AdjustableDevice): boolean => {
  const name = nameOf(a.scope.by, device)
  return name !== null && a.scope.values.includes(name) && isAllowed(a, device)
}

/** `covers` of one adjustment for many devices: a scope may name 5,000. */
export function coverage(a: Pick<Adjustment, 'scope' | 'within'>): (device: AdjustableDevice) => boolean {
  const values = new Set<string | null>(a.scope.values)
  return (device) => values.has(nameOf(a.scope.by, device)) && isAllowed(a, device)
}

function nameOf(by: AdjustmentScope['by'], device: AdjustableDevice): string | null {
  return by === 'devices' ? device.id : device[by]
}

function isAllowed({ scope, within }: Pick<Adjustment, 'scope' | 'within'>, device: AdjustableDevice): boolean {
  return (
    inScope(within, device.district) &&
    (scope.carriers?.includes(device.carrier as Carrier) ?? true) &&
    (scope.applications?.includes(device.application as Application) ?? true) &&
    (scope.kind === undefined || scope.kind === (device.kind as DeviceKind))
  )
}
