/** Resources over HTTP: listed, and imported as a layer of points. */
import { errorMessage, HubError, inScope, limitText, type Resource, type ResourceImport } from '@hub/contracts'
import { type Handlers, type Language, type RouteDeps, tablesOf, type Viewer, yieldToEventLoop } from '@hub/platform'
import type { EmergencyDb } from '../tables.ts'
import { featuresOf, type Refusal, resourceOfFeature } from './geojson.ts'
import { listResources, putResource, resourcesById } from './store.ts'

/** More is no layer of a city. */
const bytesLimit = 16 * 1_048_576
/** In one transaction: ingest waits for it at most. */
const chunk = 200

export function resourceHandlers(deps: RouteDeps): Pick<Handlers, 'resources' | 'importResources'> {
  const { audit, clock, publishChange } = deps
  const record = tablesOf<EmergencyDb>(deps.record)

  async function importLayer(bytes: Buffer, viewer: Viewer, language: Language): Promise<ResourceImport> {
    const { taken, refused } = await read(featuresOf(bytes), viewer, language)
    const known = await resourcesById(record.db, [...taken.keys()])
    const count = { created: 0, changed: 0, unchanged: 0 }
    const fresh: Resource[] = []
    for (const [id, { feature, resource }] of taken) {
      const before = known.get(id)
      if (before && !inScope(viewer.scope, before.district)) {
        refused.push({ feature, field: 'id', value: id, limit: limitText('of-other-district') })
        continue
      }
      const what = !before ? 'created' : isSame(before, resource) ? 'unchanged' : 'changed'
      count[what]++
      if (what !== 'unchanged') fresh.push(resource)
    }
    const now = clock.now()
    for (let i = 0; i < fresh.length; i += chunk) {
      await record.transaction(async (trx) => {
        for (const resource of fresh.slice(i, i + chunk)) await putResource(trx, resource, now)
      })
      await yieldToEventLoop()
    }
    const missing = (await listResources(record.db, viewer.scope)).filter(({ id }) => !taken.has(id)).length
    const detail = { ...count, refused: refused.length, missing }
    await audit.append(record.db, {
      at: now,
      actor: viewer.user,
      action: 'resource.import',
      subject: 'resources',
      detail,
    })
    if (fresh.length > 0)
      publishChange({ what: 'linkage', id: null, districts: viewer.scope === 'city' ? 'city' : [...viewer.scope] })
    refused.sort((a, b) => a.feature - b.feature)
    return { ...count, missing, refused: refused.map((refusal) => ({ ...refusal, limit: inWords(refusal, language) })) }
  }

  return {
    resources: async ({ viewer }) => ({
      asOf: clock.now(),
      resources: await listResources(record.db, viewer.scope),
    }),
    async importResources({ viewer, language, upload }) {
      const bytes = await upload()
      if (bytes.length > bytesLimit) throw new HubError('request.too-large', { limit: bytesLimit })
      return importLayer(bytes, viewer, language)
    },
  }
}

/** Each id once; nothing beyond the viewer's districts. */
async function read(features: readonly unknown[], { scope }: Viewer, language: Language) {
  const taken = new Map<string, { feature: number; resource: Resource }>()
  const refused: Refusal[] = []
  for (const [n, feature] of features.entries()) {
    if (n % 1_000 === 999) await yieldToEventLoop()
    const resource = resourceOfFeature(feature, n + 1, language)
    if ('limit' in resource) {
      refused.push(resource)
      continue
    }
    const { id, district } = resource
    const twice = taken.get(id)
    if (twice)
      refused.push({
        feature: n + 1,
        field: 'id',
        value: id,
        limit: limitText('twice-in-file', { feature: twice.feature }),
      })
    else if (!inScope(scope, district))
      refused.push({ feature: n + 1, field: 'district', value: district, limit: limitText('not-in-districts') })
    else taken.set(id, { feature: n + 1, resource })
  }
  return { taken, refused }
}

const isSame = (a: Resource, b: Resource): boolean =>
  (Object.keys(a) as (keyof Resource)[]).every((key) => a[key] === b[key])

/** The limit alone, as errors say it. */
const inWords = ({ limit }: Refusal, language: Language): string =>
  errorMessage('request.invalid', { field: '', value: '', limit }, language).replace(/^.*?[:：]\s*/, '')
