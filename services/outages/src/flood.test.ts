import { expect, it } from 'vitest'
import { cameraId, createRig } from './testing/rig.ts'

const cameras = 20_000

it('twenty thousand cameras down and up again are one outage, written in slices', { timeout: 120_000 }, async () => {
  const rig = await createRig({ cameras })
  await rig.pass(31)
  const before = process.memoryUsage().rss
  let longest = 0
  let last = performance.now()
  const watch = setInterval(() => {
    longest = Math.max(longest, performance.now() - last - 5)
    last = performance.now()
  }, 5)
  const marks: string[] = []
  const timed = async (what: string, seconds: number, devices: (second: number) => number) => {
    const began = performance.now()
    longest = 0
    for (let n = 0, said = 0; n < seconds; n++) {
      const to = what === 'down' ? 'down' : 'up'
      const until = Math.min(cameras, devices(n + 1))
      rig.record.sqlite.exec('BEGIN')
      for (; said < until; said++) rig.say(cameraId(said), to)
      rig.record.sqlite.exec('COMMIT')
      await rig.pass(1)
    }
    marks.push(`${what}: ${Math.round(performance.now() - began)} ms, longest stop ${Math.round(longest)} ms`)
  }
  // Seen within one round of probes, as gateways tell them.
  await timed('down', 60, (second) => (second * cameras) / 30)
  const { outages, total } = await rig.board()
  expect(total).toBe(1)
  expect(outages[0]).toMatchObject({ members: cameras, down: cameras, status: 'open' })
  await timed('up', 60, (second) => (second * cameras) / 30)
  await rig.pass(130)
  clearInterval(watch)
  expect((await rig.board()).outages).toMatchObject([{ members: cameras, down: 0, status: 'resolved' }])
  const { n } = rig.record.sqlite.prepare('SELECT count(*) AS n FROM outage_member').get() as { n: number }
  expect(n).toBe(cameras)
  console.log(`${marks.join('; ')}; RSS + ${Math.round((process.memoryUsage().rss - before) / 1e6)} MB`)
})
