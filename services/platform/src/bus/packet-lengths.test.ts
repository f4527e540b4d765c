import { createRequire } from 'node:module'
import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import mqttPacket from 'mqtt-packet'
import { expect, test } from 'vitest'
import { fillPacketLengths, keptLengths } from './packet-lengths.ts'

const require = createRequire(import.meta.url)

/** The buffer that mqtt-packet writes as the length of a PUBLISH with so many bytes after the fixed header. */
function lengthWritten(length: number): Buffer {
  const written: unknown[] = []
  const stream = new PassThrough()
  stream.write = (chunk: unknown) => written.push(chunk) > 0
  const payload = Buffer.alloc(length - 3)
  mqttPacket.writeToStream({ cmd: 'publish', topic: 't', payload, qos: 0, dup: false, retain: false }, stream)
  return written[1] as Buffer
}

// First: the others would fill what is missing.
test('memory outside the heap does not grow with the number of distinct lengths', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const held = async () => {
    // mqtt-packet uncorks a stream in the next tick, and holds it until then.
    await setImmediate()
    collect()
    return process.memoryUsage().arrayBuffers
  }
  const before = await held()
  for (let length = 3; length < keptLengths; length++) {
    lengthWritten(length)
    // What the process does between two packets: it takes a good part of a slab and lets go of it.
    Buffer.allocUnsafe(20_000)
    if (length % 1_024 === 0) await held()
  }
  // What a collection found is freed by another thread, soon.
  await expect.poll(async () => (await held()) - before, { timeout: 10_000 }).toBeLessThan(1_000_000)
})

test('mqtt-packet still keeps a buffer for each length: otherwise packet-lengths.ts can go', () => {
  expect(lengthWritten(1_000)).toBe(lengthWritten(1_000))
  expect(lengthWritten(keptLengths - 1)).toBe(lengthWritten(keptLengths - 1))
  expect(lengthWritten(keptLengths)).not.toBe(lengthWritten(keptLengths))
})

test('all of them are cut from a few slabs, and are right', () => {
  const slabs = new Set<ArrayBufferLike>()
  for (let length = 3; length < keptLengths; length++) {
    const buffer = lengthWritten(length)
    slabs.add(buffer.buffer)
    expect(buffer.reduce((sum, byte, n) => sum + (byte & 127) * 128 ** n, 0)).toBe(length)
  }
  expect(slabs.size).toBeLessThanOrEqual(6)
})

test('filling again changes nothing', () => {
  const before = lengthWritten(777)
  fillPacketLengths()
  expect(lengthWritten(777)).toBe(before)
})

test('the broker and the client write with the copy that is filled', () => {
  const ours = require.resolve('mqtt-packet')
  for (const user of ['mqtt', 'aedes', 'aedes-packet'])
    expect(createRequire(require.resolve(user)).resolve('mqtt-packet')).toBe(ours)
})
