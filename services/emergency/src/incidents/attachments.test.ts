/** Pictures and documents: by their bytes, private, handed out as they came. */
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { incidentsOf } from '../testing/incidents.ts'

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(2_000, 7)])
const pdf = Buffer.from('%PDF-1.7\n…')

let hub: Hub
let on: ReturnType<typeof incidentsOf>
let id: string
beforeEach(async () => {
  hub = await startHub()
  on = incidentsOf(hub)
  id = (await on.opened()).id
})
afterEach(() => hub.stop())

const attach = (bytes: Uint8Array, name = '现场.jpg', user = 'cmdr', type = 'image/jpeg') =>
  hub.ask(user, 'attachToIncident', { params: { id }, query: `?name=${encodeURIComponent(name)}`, raw: bytes, type })
const fetched = async (attachment: string, user: string) => {
  await hub.login(user)
  return fetch(`${hub.base}/api/v1/incidents/${id}/attachments/${attachment}`, {
    headers: { cookie: hub.cookie(user) },
  })
}

it('is kept as it came, in a file that nobody else reads, and handed to whoever sees the incident', async () => {
  const { json } = await attach(jpeg)
  expect(json.attachments).toMatchObject([{ name: '现场.jpg', type: 'image/jpeg', bytes: jpeg.length, by: 'cmdr' }])
  expect(json.log.at(-1)).toMatchObject({ kind: 'attachment', detail: { name: '现场.jpg', bytes: jpeg.length } })
  const [one] = json.attachments
  const answer = await fetched(one.id, 'oper-a')
  expect(Buffer.from(await answer.arrayBuffer()).equals(jpeg)).toBe(true)
  expect(answer.headers.get('content-type')).toBe('image/jpeg')
  expect(answer.headers.get('content-disposition')).toBe(
    `attachment; filename="${one.id}.jpeg"; filename*=UTF-8''${encodeURIComponent('现场.jpg')}`,
  )
  expect((await fetched(one.id, 'oper-b')).status).toBe(404)
  const folder = join(hub.data, 'attachments')
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(readdirSync(folder)).toEqual([one.sha256])
  expect(statSync(join(folder, one.sha256)).mode & 0o777).toBe(0o600)
  // The same again is another attachment of the same file; one that was changed on the disk is not handed out.
  expect((await attach(jpeg)).json.attachments).toHaveLength(2)
  expect(readdirSync(folder)).toHaveLength(1)
  writeFileSync(join(folder, one.sha256), 'other')
  expect((await fetched(one.id, 'cmdr')).status).toBe(404)
})

it('is known by its bytes, whatever its name and header say', async () => {
  expect((await attach(pdf, '照片.jpg')).json.attachments[0].type).toBe('application/pdf')
  const html = await attach(Buffer.from('<html><script>1</script>'), 'x.jpg')
  expect(html.json).toMatchObject({
    code: 'request.invalid',
    detail: 'body is 3c68746d6c3e3c73: must be a JPEG, a PNG or a PDF by its bytes',
  })
  expect((await attach(Buffer.alloc(0))).status).toBe(400)
  expect((await attach(jpeg, 'x', 'cmdr', 'text/html')).status).toBe(400)
})

it('is refused beyond eight megabytes, and where the incident is not seen', async () => {
  const big = Buffer.concat([jpeg, Buffer.alloc(8 * 1_048_576)])
  expect((await attach(big)).json).toMatchObject({
    code: 'request.too-large',
    detail: 'the body is larger than 8388608 bytes',
  })
  expect((await attach(jpeg, 'x', 'oper-b')).status).toBe(404)
  expect((await on.one(id)).attachments).toEqual([])
})

it('who has it open is said for half a minute, and that is told', async () => {
  const say = (user: string) => hub.ask(user, 'incidentPresence', { params: { id } })
  const present = async () => (await on.one(id)).present.map(({ user }) => user)
  const since = hub.clock.now()
  await say('cmdr')
  await hub.clock.advanceAsync(10_000)
  await say('oper')
  const told = on.told(id)
  expect((await on.one(id)).present).toEqual([
    { user: 'cmdr', since },
    { user: 'oper', since: since + 10_000 },
  ])
  await hub.clock.advanceAsync(15_000)
  await say('oper')
  expect(on.told(id)).toBe(told)
  await hub.clock.advanceAsync(10_000)
  expect(await present()).toEqual(['oper'])
  expect(on.told(id)).toBe(told + 1)
  await hub.clock.advanceAsync(30_000)
  expect(await present()).toEqual([])
  expect((await hub.ask('oper-b', 'incidentPresence', { params: { id } })).status).toBe(404)
})
