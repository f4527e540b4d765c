/** A client that reads slowly, with a socket that the test drains by hand. */
import type { ServerResponse } from 'node:http'
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createChannel } from './channel.ts'
import { openClient } from './client.ts'
import { frame } from './frame.ts'

function setUp() {
  let release = () => {}
  const got: string[] = []
  const socket = new Writable({
    highWaterMark: 8,
    write(chunk: Buffer, _encoding, done) {
      got.push(chunk.toString())
      release = done
    },
  })
  let now = 0
  let resyncs = 0
  const channel = createChannel({ scope: 'city', units: 'all' }, 100, {
    snapshot: (_, seq) => frame('snapshot', {}, seq),
    now: () => now,
    limits: { frames: 3, chars: 1_000 },
  })
  const client = openClient(socket as unknown as ServerResponse, channel, undefined, {
    session: 's',
    user: 'u',
    now: () => now,
    onResync: () => resyncs++,
    onClose: () => {},
  })
  const push = (...seqs: number[]) => {
    for (const seq of seqs) channel.push(seq, `frame ${seq};`)
    client.flush()
  }
  const drain = async () => {
    got.length = 0
    release()
    await new Promise((resolve) => setImmediate(resolve))
    return got.join('')
  }
  const pass = (ms: number) => {
    now += ms
  }
  return { client, push, drain, pass, got, resyncs: () => resyncs }
}

describe('a slow client', () => {
  it('is written nothing while its socket is full, and then what it missed', async () => {
    const { push, drain, got, resyncs } = setUp()
    expect(got.join('')).toContain('event: snapshot\nid: 100\n')
    push(101)
    push(102, 103)
    expect(got).toHaveLength(1)
    expect(await drain()).toBe('frame 101;frame 102;frame 103;')
    expect(resyncs()).toBe(0)
  })

  it('loses what the ring no longer holds, and gets a snapshot instead', async () => {
    const { push, drain, resyncs } = setUp()
    push(101, 102, 103, 104)
    const text = await drain()
    expect(text).toContain('event: snapshot\nid: 104\n')
    expect(text).not.toContain('frame')
    expect(resyncs()).toBe(1)
  })

  it('gets no heartbeat into a full socket, and is known to be stuck', async () => {
    const { client, drain, pass, got } = setUp()
    pass(61_000)
    client.send('beat')
    expect(got).toHaveLength(1)
    expect(client.stuckMs(61_000)).toBe(61_000)
    await drain()
    expect(client.stuckMs(61_000)).toBe(0)
    client.send('beat')
    expect(got).toEqual(['beat'])
  })
})
