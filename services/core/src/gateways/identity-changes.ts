/** What a device says of itself, reading after reading. */
import { type DeviceIdentity, type DeviceRemarks, type IdentityKind, identityKinds } from '@hub/contracts'

export type IdentityChange = { kind: IdentityKind; from: string; to: string }

/** The values that are watched, as text; absent what the reading does not hold. */
function identityValues(identity: DeviceIdentity): { [K in IdentityKind]?: string } {
  const { width, height, fps } = identity
  const values: { [K in IdentityKind]?: string } = {}
  for (const kind of identityKinds) {
    if (kind === 'resolution') {
      if (width !== undefined && height !== undefined) values.resolution = `${width}x${height}`
    } else if (kind === 'fps') {
      if (fps !== undefined) values.fps = String(Math.round(fps * 100) / 100)
    } else if (identity[kind] !== undefined) values[kind] = identity[kind]
  }
  return values
}

/** What differs from the reading before. What either of them does not hold was not read: that is no change. */
export function identityChanges(before: DeviceIdentity, after: DeviceIdentity): IdentityChange[] {
  const [was, is] = [identityValues(before), identityValues(after)]
  return identityKinds.flatMap((kind) => {
    const [from, to] = [was[kind], is[kind]]
    return from === undefined || to === undefined || from === to ? [] : [{ kind, from, to }]
  })
}

/** A reading taken apart: what the device says that it is, null when nothing was read; and what its gateway remarks, null when nothing. */
export function identityAndRemarks({ oddities, failure, certificate, ...identity }: DeviceIdentity): {
  identity: DeviceIdentity | null
  remarks: DeviceRemarks | null
} {
  const remarks = {
    ...(oddities && { oddities }),
    ...(failure && { failure }),
    ...(certificate && { certificate }),
  }
  return {
    identity: Object.keys(identity).length > idAndTime ? identity : null,
    remarks: Object.keys(remarks).length > 0 ? remarks : null,
  }
}
const idAndTime = 2

/**
 * What is known after a reading: it replaces the one before, but what it could not read of the same device stays known. A
 * reading that is older, or for another serial number, fills nothing in.
 */
export function nextIdentity(before: DeviceIdentity, after: DeviceIdentity): DeviceIdentity {
  if (after.at < before.at) return before
  const another = (['manufacturer', 'model', 'serial'] as const).some(
    (key) => before[key] !== undefined && after[key] !== undefined && before[key] !== after[key],
  )
  return another ? after : { ...before, ...after }
}
