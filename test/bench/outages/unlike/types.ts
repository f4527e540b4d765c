/**
 * The second corpus: what a scenario is. It is plain JSON, so that what operators said of real outages can be kept and scored in the same form.
 * Made from the table of kinds and the facts of the city alone; whoever adds to it does not look at the correlation.
 */

/** A device as it stands in the street. The record may say something else: see `Scenario.record`. */
export type Device = {
  id: string
  district: string
  carrier: string
  gateway: string | null
  pole: string | null
  feed: string | null
  switch: string | null
  port: string | null
  recorder: string | null
  ipAddress: string | null
  longitude: number | null
  latitude: number | null
  /** What devices may have in common beside a parent. */
  model: string
  firmware: string
  credential: string
  address: string
  installedAt: number
  pointType: string
}

/** A change of state as the centre decides it: `at` by the clock of the gateway, `decidedAt` by the centre's. */
export type FieldEvent = {
  device: string
  to: 'up' | 'down' | 'unknown'
  at: number
  decidedAt: number
  sign: 'path' | 'device' | 'silent' | 'blind'
  /** Within approved or planned work at that time. */
  expected: boolean
  rung: 'reachable' | 'answers' | 'authenticated' | 'describes'
  reason?: 'timeout' | 'refused' | 'credential' | 'no-stream' | undefined
}

/** A device in a cause: down from `from` to `to`. */
export type Placement = {
  device: string
  from: number
  to: number | null
  /** Where it belongs is a matter of taste: it counts for nothing. */
  ungraded?: true
  /** What it is in is asked at this time; absent: at the end. */
  askedAt?: number
}

/**
 * A name that is right. `keys` absent: any key. A new kind of cause must be spelled as here: `place`, `attribute` (its key contains the
 * value that is shared) and `moment`.
 */
export type Name = { kind: string; keys?: string[]; modes?: string[]; notModes?: string[] }

export type Cause = {
  /** In words: what failed, and where. */
  what: string
  /** One device by itself. */
  lone: boolean
  names: Name[]
  members: Placement[]
  from: number
  to: number | null
  /** It has to be told of: once, not before `notBefore`, and within ten minutes from `from`. Null: nobody need be told. */
  due: { notBefore: number; from: number } | null
  /** Not due, but telling of it once is no fault. */
  mayTell: boolean
}

/** Work that is planned or announced: to `expected` of the events it adds when it ends, and in which words it can be told. */
export type Works = {
  from: number
  to: number
  devices: string[]
  words: string
  source: 'maintenance' | 'power-cut' | 'warning'
}

export type Scenario = {
  name: string
  kind: string
  seed: number
  devices: Device[]
  /** What the record says of a device where it differs. */
  record: Record<string, Partial<Device>>
  events: FieldEvent[]
  causes: Cause[]
  works: Works[]
  from: number
  to: number
}
