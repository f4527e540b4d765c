/** Layers of points: taken, or refused by feature, field, value and limit. */
import type { ResourceImport } from '@hub/contracts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Hub, startHub } from '../../../hub/src/testing/hub.ts'

let hub: Hub
beforeEach(async () => {
  hub = await startHub()
})
afterEach(() => hub.stop())

type Feature = { type: string; geometry: unknown; properties: unknown; id?: unknown }
const feature = (properties: object, coordinates: unknown = [112.6206, 26.8946], more: object = {}): Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates },
  properties: { id: 'xf-1', kind: 'unit', name: '消防一中队', ...properties },
  ...more,
})
const layer = (...features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features })
const load = (raw: string | Uint8Array, user = 'oper', language = 'en') =>
  hub.ask(user, 'importResources', { raw, headers: { 'accept-language': language } })
const loaded = async (...features: unknown[]): Promise<ResourceImport> => (await load(layer(...features))).json
const listed = async (user = 'oper') => (await hub.ask(user, 'resources')).json.resources

it('takes points once, knows again what has changed, and leaves what is not in the file', async () => {
  const hospital = feature(
    { id: 7, kind: 'hospital', name: '市中心\u202e医院', phone: '0734-8123456', capacity: 1_200, 床位: 'x' },
    [112.1, 26.79, 30],
  )
  expect(await loaded(feature({}), hospital)).toEqual({ created: 2, changed: 0, unchanged: 0, missing: 0, refused: [] })
  expect(await listed()).toEqual([
    {
      id: '7',
      kind: 'hospital',
      name: '市中心医院',
      district: '430426',
      longitude: 112.1,
      latitude: 26.79,
      phone: '0734-8123456',
      capacity: 1_200,
      note: null,
    },
    expect.objectContaining({ id: 'xf-1', district: '430405', phone: null }),
  ])
  expect(await loaded(feature({ name: '消防一站' }), feature({ id: 'new' }))).toMatchObject({
    created: 1,
    changed: 1,
    unchanged: 0,
    missing: 1,
  })
  expect(await loaded(feature({ name: '消防一站' }))).toMatchObject({
    created: 0,
    changed: 0,
    unchanged: 1,
    missing: 2,
  })
  expect(await listed()).toHaveLength(3)
})

it.each<[string, unknown, string, string, string]>([
  ['no geometry', { ...feature({}), geometry: null }, 'geometry', '', 'must be a point: [longitude, latitude]'],
  [
    'a line',
    { ...feature({}), geometry: { type: 'LineString', coordinates: [[1, 2]] } },
    'geometry',
    'LineString',
    'must be a point: [longitude, latitude]',
  ],
  [
    'a text for a number',
    feature({}, ['112.6', 26.9]),
    'geometry',
    '["112.6",26.9]',
    'must be a point: [longitude, latitude]',
  ],
  [
    'swapped',
    feature({}, [26.8946, 112.6206]),
    'geometry',
    '[26.8946,112.6206]',
    'must be a point: [longitude, latitude]',
  ],
  ['another city', feature({}, [112.98, 28.19]), 'geometry', '[112.98,28.19]', 'lies more than 20 km outside the city'],
  ['no name', feature({ name: ' ' }), 'name', ' ', 'Too small: expected string to have >=1 characters'],
  [
    'another kind',
    feature({ kind: 'pub' }),
    'kind',
    'pub',
    `Invalid option: expected one of "unit"|"shelter"|"hospital"|"hydrant"|"key-site"|"warehouse"`,
  ],
  ['half a bed', feature({ capacity: 1.5 }), 'capacity', '1.5', 'Invalid input: expected int, received number'],
  ['no feature', 7, 'geometry', '', 'must be a point: [longitude, latitude]'],
])('refuses %s, and takes the rest', async (_, bad, field, value, limit) => {
  const { created, refused } = await loaded(feature({ id: 'ok' }), bad)
  expect(refused).toEqual([{ feature: 2, field, value, limit }])
  expect(created).toBe(1)
})

it('refuses the same id twice, and what lies beyond the own districts, in the language of the reader', async () => {
  const far = feature({ id: 'far' }, [112.1, 26.79])
  await load(layer(far))
  const { json } = await load(
    layer(feature({}), feature({}), far, feature({ id: 'far', district: '430405' })),
    'oper-a',
    'zh',
  )
  expect(json).toMatchObject({ created: 1, missing: 0 })
  expect(json.refused).toEqual([
    { feature: 2, field: 'id', value: 'xf-1', limit: '已在第 1 个要素出现' },
    { feature: 3, field: 'district', value: '430426', limit: '不在所辖区县' },
    { feature: 4, field: 'id', value: 'far', limit: '已登记在所辖区县以外' },
  ])
  expect(await listed('oper-b')).toMatchObject([{ id: 'far' }])
})

it.each([
  ['no JSON', '{"type":', 'request.not-json'],
  ['not UTF-8', Buffer.from([0x7b, 0xff]), 'request.not-json'],
  ['one feature', JSON.stringify(feature({})), 'type is Feature: must be a GeoJSON FeatureCollection'],
  ['null', 'null', 'type is undefined: must be a GeoJSON FeatureCollection'],
  [
    'another system',
    JSON.stringify({ type: 'FeatureCollection', features: [], crs: { properties: { name: 'EPSG:4490' } } }),
    'must be WGS-84',
  ],
  ['too many', layer(...Array(20_001).fill(0)), 'features is 20001: at most 20000 features'],
])('a file that is %s is refused whole', async (_, raw, why) => {
  const { status, json } = await load(raw)
  expect(status).toBe(400)
  expect(`${json.code} ${json.detail}`).toContain(why)
})

it('is for whoever manages the record', async () => {
  expect((await load(layer(feature({})), 'cmdr')).status).toBe(403)
  expect((await hub.ask('contr', 'resources')).status).toBe(403)
})
