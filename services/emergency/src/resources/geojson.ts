/** A layer of points as the client gives it (GeoJSON, RFC 7946): each feature taken, or refused by its number, field, value and limit. */
import { districtCodes, HubError, limitText, localIssues, type Resource, ResourceKind } from '@hub/contracts'
import { beyondCityKm, districtAt, plainText } from '@hub/core'
import { z } from 'zod'

export const mostFeatures = 20_000

/** `limit` still names its entry of the table of limits, or is in the reader's language already. */
export type Refusal = { feature: number; field: string; value: string; limit: string }
type Language = keyof typeof localIssues

const text = (most: number) => z.string().transform(plainText).pipe(z.string().trim().min(1).max(most))
const optional = <T extends z.ZodType>(of: T) => of.nullish().transform((value) => value ?? null)
/** Registers write what is a number of theirs as a number: 101 is an id as good as "101". */
const Id = z.union([z.string(), z.number()]).transform(String).pipe(text(64))

/** Other properties are the client's own, and left. */
const Properties = z.object({
  id: Id,
  kind: ResourceKind,
  name: text(128),
  /** Default: where the point lies. */
  district: z.enum(districtCodes).nullish(),
  phone: optional(text(32)),
  capacity: optional(z.int().min(0).max(10_000_000)),
  note: optional(text(500)),
})

/** @throws HubError `request.not-json`, `request.invalid` for what is no collection, has another system of coordinates, or is too long */
export function featuresOf(bytes: Uint8Array): unknown[] {
  const refuse = (field: string, value: unknown, limit: string) =>
    new HubError('request.invalid', { field, value, limit })
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new HubError('request.not-json', { limit: limitText('wrong-syntax') })
  }
  const { type, features, crs } = (parsed ?? {}) as { type?: unknown; features?: unknown; crs?: unknown }
  if (type !== 'FeatureCollection' || !Array.isArray(features))
    throw refuse('type', String(type), limitText('feature-collection'))
  // RFC 7946 knows no other; older files may say one, and then it counts.
  if (crs !== undefined && crs !== null && !/CRS84|EPSG:+4326/i.test(JSON.stringify(crs)))
    throw refuse('crs', JSON.stringify(crs), limitText('geo-wgs84'))
  if (features.length > mostFeatures)
    throw refuse('features', features.length, limitText('most-features', { most: mostFeatures }))
  return features
}

/** @param n number of the feature in the file, from 1 */
export function resourceOfFeature(feature: unknown, n: number, language: Language): Resource | Refusal {
  const refuse = (field: string, value: unknown, limit: string): Refusal => ({
    feature: n,
    field,
    value: (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 80),
    limit,
  })
  const { geometry, properties, id } = (feature ?? {}) as { geometry?: unknown; properties?: unknown; id?: unknown }
  const { type, coordinates } = (geometry ?? {}) as { type?: unknown; coordinates?: unknown }
  const [longitude, latitude] = Array.isArray(coordinates) ? (coordinates as unknown[]) : []
  if (type !== 'Point' || !isDegrees(longitude, 180) || !isDegrees(latitude, 90))
    return refuse('geometry', type === 'Point' ? coordinates : type, limitText('geo-point'))
  const given = { ...(id === undefined ? {} : { id }), ...(properties as object | null) }
  const result = Properties.safeParse(given, { error: localIssues[language] })
  if (!result.success) {
    const issue = result.error.issues[0]!
    const field = issue.path.join('.') || 'properties'
    return refuse(field, (given as Record<string, unknown>)[field], issue.message)
  }
  const at = districtAt({ longitude, latitude })
  // Swapped, a point of Hengyang lies beyond the pole, or at sea.
  if (at === undefined) return refuse('geometry', coordinates, limitText('outside-city', { km: beyondCityKm }))
  const { district, ...rest } = result.data
  return { ...rest, district: district ?? at, longitude, latitude }
}

const isDegrees = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= most
