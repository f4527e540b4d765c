/** Cameras that can see a place, and what is near it. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { DeviceId } from '../common/identity.ts'
import { instant } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { DeviceState } from '../ingest/transition.ts'

/** Where a camera looks: from its record, or as usual for its type, and then `assumed` names what is. */
export const CameraView = z.strictObject({
  /** Degrees clockwise from north; null: all round, or it can turn. */
  heading: z.number().min(0).max(360).nullable(),
  /** Horizontal field of view, degrees. */
  field: z.number().min(0).max(360),
  /** How far it shows anything of use, metres. */
  range: z.number().min(0),
  /** Pan and tilt: it can be turned. */
  turns: z.boolean(),
  assumed: z.array(z.enum(['heading', 'field', 'range'])),
})
export type CameraView = z.infer<typeof CameraView>

export const sightings = ['covers', 'can-turn', 'direction-unknown', 'looks-away', 'too-far'] as const
/** Whether it can see the place: `covers` now; `can-turn` after a preset or a turn; the rest probably not. */
export const Sighting = z.enum(sightings)
export type Sighting = z.infer<typeof Sighting>

/** A camera near a place, with the reasons for its rank. */
export const NearbyCamera = z.strictObject({
  device: DeviceId,
  name: z.string(),
  district: DistrictCode,
  longitude: z.number(),
  latitude: z.number(),
  /** Ground distance. */
  metres: z.number(),
  /** Direction from the camera to the place, degrees from north. */
  bearing: z.number(),
  view: CameraView,
  sighting: Sighting,
  state: DeviceState,
  /** When it was last heard of. */
  lastAt: Instant.nullable(),
})
export type NearbyCamera = z.infer<typeof NearbyCamera>

/** A camera that was chosen for an incident, by a person or a rule. */
export const ChosenCamera = NearbyCamera.extend({
  chosenAt: Instant,
  chosenBy: z.string(),
  /** Preset that it was sent to. */
  preset: z.strictObject({ token: z.string(), name: z.string() }).nullable(),
})
export type ChosenCamera = z.infer<typeof ChosenCamera>

export const resourceKinds = ['unit', 'shelter', 'hospital', 'hydrant', 'key-site', 'warehouse'] as const
/** Fire, police and rescue units, shelters, hospitals, hydrants, key sites, stores of material: imported by the client as GeoJSON. */
export const ResourceKind = z.enum(resourceKinds)
export type ResourceKind = z.infer<typeof ResourceKind>

export const Resource = z.strictObject({
  id: z.string().max(64),
  kind: ResourceKind,
  name: z.string(),
  district: DistrictCode,
  longitude: z.number(),
  latitude: z.number(),
  phone: z.string().nullable(),
  /** Beds, places, persons; null: not said. */
  capacity: z.int().nullable(),
  note: z.string().nullable(),
})
export type Resource = z.infer<typeof Resource>
export const NearbyResource = Resource.extend({ metres: z.number() })
export type NearbyResource = z.infer<typeof NearbyResource>

export const NearbyQuery = z.strictObject({
  longitude: z.coerce.number().min(-180).max(180),
  latitude: z.coerce.number().min(-90).max(90),
  /** Metres. */
  radius: z.coerce.number().min(10).max(20_000).default(1_000),
  limit: z.coerce.number().int().min(1).max(200).default(20),
  /** As it was then, for a review. */
  at: instant.optional(),
})
export type NearbyQuery = z.infer<typeof NearbyQuery>
export const Nearby = z.strictObject({
  asOf: Instant,
  /** Those that can see it first, then by distance. */
  cameras: z.array(NearbyCamera),
  /** Cameras within the radius, by state: more than are listed, maybe. */
  counts: z.record(DeviceState, z.int()),
  /** The nearest of each kind, the nearest first. A kind without any within the radius is in `without`. */
  resources: z.array(NearbyResource),
  without: z.array(ResourceKind),
})
export type Nearby = z.infer<typeof Nearby>

export const ResourceList = z.strictObject({ asOf: Instant, resources: z.array(Resource) })
export type ResourceList = z.infer<typeof ResourceList>
export const ResourceImport = z.strictObject({
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  /** On record and not in the file: they stay. */
  missing: z.int(),
  refused: z.array(z.strictObject({ feature: z.int(), field: z.string(), value: z.string(), limit: z.string() })),
})
export type ResourceImport = z.infer<typeof ResourceImport>
