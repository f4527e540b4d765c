/** Golden examples: what every implementation of the wire must take, and what it must refuse and how it says so. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { errorMessage } from './errors/hub-error.ts'
import { firstIssue } from './errors/parse.ts'
import { type MessageName, messages } from './messages.ts'
import { parseTopic } from './topics.ts'

const folder = fileURLToPath(new URL('../examples/', import.meta.url))
const names = Object.keys(messages) as MessageName[]
const files = names.flatMap((name) => readdirSync(folder + name).map((file) => ({ name, file })))
const bytes = (name: string, file: string) => readFileSync(`${folder}${name}/${file}`)
const text = (name: string, file: string) => bytes(name, file).toString('utf8')

/** What a receiver says of a payload: `ok`, or the message of `payload.invalid`. */
function verdict(name: MessageName, payload: Uint8Array): string {
  let input: unknown
  try {
    input = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    return 'not JSON'
  }
  const result = messages[name].safeParse(input)
  if (result.success) return 'ok'
  const { field, value, limit } = firstIssue(result.error, input)
  return errorMessage('request.invalid', { field, value, limit })
}

/** An MQTT 3.1.1 PUBLISH (3.3): read here by hand, so that no library of ours is on both sides. */
function readPublish(packet: Buffer) {
  let at = 1
  let length = 0
  for (let shift = 0; ; shift += 7) {
    const byte = packet[at++]!
    length |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  const end = at + length
  const qos = (packet[0]! >> 1) & 3
  const topicEnd = at + 2 + packet.readUInt16BE(at)
  return {
    type: packet[0]! >> 4,
    qos,
    topic: packet.toString('utf8', at + 2, topicEnd),
    payload: packet.subarray(topicEnd + (qos > 0 ? 2 : 0), end),
  }
}

describe('golden examples', () => {
  it('each message has a valid and an invalid one', () => {
    for (const name of names)
      for (const kind of ['valid', 'invalid'])
        expect(
          files.some((f) => f.name === name && f.file.startsWith(`${kind}`)),
          `${name}: ${kind}`,
        ).toBe(true)
  })

  const json = files.filter((f) => f.file.endsWith('.json'))
  it.each(json.filter((f) => f.file.startsWith('valid')))('$name/$file is taken', ({ name, file }) => {
    expect(verdict(name, bytes(name, file))).toBe('ok')
  })
  it.each(json.filter((f) => f.file.startsWith('invalid')))('$name/$file is refused by name', ({ name, file }) => {
    expect(`${verdict(name, bytes(name, file))}\n`).toBe(text(name, file.replace('.json', '.txt')))
  })

  it('raw bytes: text that is cut or not UTF-8 is refused, a whole message is taken', () => {
    expect(verdict('observations', bytes('observations', 'raw-valid.bin'))).toBe('ok')
    expect(verdict('observations', bytes('observations', 'raw-not-json.bin'))).toBe('not JSON')
    expect(verdict('observations', bytes('observations', 'raw-not-utf8.bin'))).toBe('not JSON')
  })

  it.each(['telemetry', 'observations'] as const)('the PUBLISH that mosquitto_pub wrote for %s is taken', (name) => {
    const publish = readPublish(bytes(name, 'mqtt-publish-valid.bin'))
    expect(publish.type).toBe(3)
    expect(publish.qos).toBe(1)
    expect(parseTopic(publish.topic)?.name).toBe(name)
    expect(verdict(name, publish.payload)).toBe('ok')
  })
  it('a PUBLISH on a topic with no device code has no name', () => {
    expect(parseTopic(readPublish(bytes('telemetry', 'mqtt-publish-foreign-topic.bin')).topic)).toBeUndefined()
  })
})
