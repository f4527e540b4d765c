/** What was refused and kept, read by those who can do something about it. */
import { topic } from '@hub/contracts'
import { putDeadLetter } from '@hub/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cameraA, cameraB, gatewayA, type Hub, startHub } from '../../../hub/src/testing/hub.ts'

let hub: Hub
beforeAll(async () => {
  hub = await startHub()
  const letters = [
    [topic('observations', { gateway: gatewayA }), 'not JSON', Buffer.from('{]')],
    [topic('telemetry', { device: cameraA }), 'k\u202ey: missing', Buffer.from('a\u202e\n\0b')],
    [topic('telemetry', { device: cameraB }), 'body: must be JSON', Buffer.alloc(5_000, 'x')],
  ] as const
  for (const [n, [source, reason, payload]] of letters.entries())
    await putDeadLetter(hub.record.db, { at: 1_800_000_000_000 + n, source, reason, payload })
})
afterAll(() => hub.stop())
const read = async (user: string, query = '') => (await hub.ask(user, 'deadLetters', { query })).json

it('dead letters are listed newest first, in pages, as what can be printed of them', async () => {
  const { letters, next } = await read('oper')
  expect(letters).toMatchObject([
    { source: `field/v1/${cameraB}/telemetry`, reason: 'body: must be JSON', bytes: 5_000, text: 'x'.repeat(2_048) },
    { source: `field/v1/${cameraA}/telemetry`, reason: 'k�y: missing', bytes: 7, text: 'a�\n�b' },
    { source: `hub/v1/gateways/${gatewayA}/observations`, reason: 'not JSON', text: '{]' },
  ])
  expect(next).toBeNull()
  const page = await read('oper', '?limit=2')
  expect(page.next).toBe(letters[1].id)
  expect((await read('oper', `?limit=2&before=${page.next}`)).letters).toEqual([letters[2]])
})

it('whoever has some districts sees what their devices sent, and nothing of gateways', async () => {
  expect((await read('oper-a')).letters.map(({ source }: { source: string }) => source)).toEqual([
    `field/v1/${cameraA}/telemetry`,
  ])
})

it('a contractor and a commander see none', async () => {
  for (const user of ['contr', 'cmdr']) expect((await hub.ask(user, 'deadLetters')).status).toBe(403)
})
