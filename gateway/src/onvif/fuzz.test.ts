/**
 * Mutated answers of cameras: whatever comes, the readers return or throw an OnvifFault, soon. `FUZZ=100000` makes more.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readMessage, readScopes } from '../discovery/message.ts'
import { FoundRegistry } from '../discovery/registry.ts'
import { judge } from '../discovery/trust.ts'
import { parseChallenges, pickDigest } from './digest.ts'
import { OnvifFault } from './fault.ts'
import { decodeBody, type HttpResponse, ResponseReader } from './http.ts'
import {
  readCapabilities,
  readClock,
  readClockFast,
  readDeviceInformation,
  readPresets,
  readProfiles,
  readStreamUri,
} from './read.ts'
import { readEnvelope } from './soap.ts'

const rounds = Number(process.env.FUZZ ?? 20_000)

/** mulberry32: the same mutations every time. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const bytesIn = (folder: string) =>
  readdirSync(new URL(folder, import.meta.url)).map((name) =>
    readFileSync(new URL(`${folder}/${name}`, import.meta.url)),
  )

const spices = [
  '<',
  '>',
  '&',
  '&#0;',
  '&#x110000;',
  '"',
  '<!DOCTYPE x [',
  ']]>',
  '<![CDATA[',
  '\0',
  '\r\n\r\n',
  'ffffffff\r\n',
  '-1',
  '\ud800',
  '<a '.repeat(50),
  '__proto__',
  'xmlns=',
  '%',
  'Content-Length: 99999999999999\r\n',
].map((s) => Buffer.from(s))

function mutate(bytes: Buffer, pick: (below: number) => number): Buffer {
  let out = Buffer.from(bytes)
  for (let n = 1 + pick(4); n > 0; n--) {
    const at = pick(out.length + 1)
    const to = Math.min(out.length, at + pick(1 + pick(200)))
    switch (pick(5)) {
      case 0:
        out = out.subarray(0, at)
        break
      case 1:
        out = Buffer.concat([out.subarray(0, at), out.subarray(to)])
        break
      case 2:
        out = Buffer.concat([out.subarray(0, to), out.subarray(at)])
        break
      case 3:
        out = Buffer.concat([out.subarray(0, at), spices[pick(spices.length)]!, out.subarray(at)])
        break
      default:
        if (at < out.length) out[at] = pick(256)
    }
  }
  return out
}

/** What this thread has computed, milliseconds: a machine that is busy elsewhere makes no reader slow. */
const worked = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** Runs every mutation. What is thrown must be an OnvifFault. Returns how many passed, and the longest that one took of computing time. */
function run(seeds: Buffer[], read: (bytes: Buffer, pick: (below: number) => number) => void) {
  const pick = random(7)
  let [passed, longest] = [0, 0]
  for (let round = 0; round < rounds; round++) {
    const bytes = mutate(seeds[round % seeds.length]!, pick)
    const started = worked()
    try {
      read(bytes, pick)
      passed++
    } catch (error) {
      if (!(error instanceof OnvifFault))
        throw new Error(`round ${round}: ${JSON.stringify(bytes.toString('latin1'))}`, { cause: error })
    }
    longest = Math.max(longest, worked() - started)
  }
  return { passed, longest }
}

function respond(bytes: Buffer, pick: (below: number) => number): HttpResponse {
  const reader = new ResponseReader(65_536)
  for (let at = 0; at < bytes.length; ) {
    const next = at + 1 + pick(bytes.length)
    const response = reader.feed(bytes.subarray(at, next))
    if (response) return response
    at = next
  }
  return reader.end()
}

test('HTTP and SOAP answers', () => {
  const { passed, longest } = run(bytesIn('./fixtures'), (bytes, pick) => {
    const response = respond(bytes, pick)
    pickDigest(parseChallenges(response.challenges))
    const text = decodeBody(response)
    const fast = readClockFast(bytes)
    const { body } = readEnvelope(text)
    readCapabilities(body)
    readDeviceInformation(body)
    readProfiles(body)
    readPresets(body)
    readStreamUri(body)
    const clock = readClock(body)
    // The fast path sees no more than the full reader does.
    if (fast !== undefined) expect(response.status).toBe(200)
    if (fast !== undefined) expect(clock === null || clock === fast || text.split('UTCDateTime>').length > 3).toBe(true)
  })
  expect(passed).toBeGreaterThan(0)
  expect(longest).toBeLessThan(250)
})

test('discovery datagrams', () => {
  const registry = new FoundRegistry({ allowLoopback: false })
  const { passed, longest } = run(bytesIn('../discovery/fixtures'), (bytes, pick) => {
    registry.receive(bytes, `10.0.0.${pick(250)}`, 1_800_000_000_000 + pick(1_000_000))
    const message = readMessage(bytes)
    if (message.kind !== 'matches' && message.kind !== 'hello') return
    for (const match of message.matches) {
      readScopes(match.scopes)
      const judged = judge('192.168.1.64', match.xaddrs, false)
      const [first] = judged.xaddrs
      if (judged.quarantine === 'new') expect(new URL(first!).hostname).toBe('192.168.1.64')
    }
  })
  expect(passed).toBeGreaterThan(0)
  expect(longest).toBeLessThan(250)
})
