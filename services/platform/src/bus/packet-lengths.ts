/**
 * Memory of mqtt-packet. mqtt.js and aedes write packets with it, and 9.0.2 keeps for each distinct packet length below
 * 16,384 a buffer of two bytes for ever (`varByteIntCache` of its writeToStream.js). Such a buffer is cut from Node's pool
 * and keeps the whole slab of 64 KiB alive that it was cut from. Lengths turn up one by one, each from another slab:
 * measured 52 MB after twenty minutes, 128 MB after an hour, at most 1 GiB a process. Filled at once, all lengths come
 * from five neighbouring slabs, and no slab is pinned later. `packet-lengths.test.ts` tells when this is no longer needed.
 */
import { PassThrough } from 'node:stream'
import mqttPacket from 'mqtt-packet'

/** Lengths that mqtt-packet keeps: those of one or two bytes as a variable byte integer (MQTT 3.1.1 §2.2.3). */
export const keptLengths = 16_384

const topic = 't'
/** Of a PUBLISH at QoS 0: the topic and its own length in two bytes. */
const besidePayload = 2 + topic.length

/**
 * Fills the cache of this process; takes some 50 ms and leaves 320 KB. Done when the module is loaded, so whoever
 * opens a broker or a client imports it. Idempotent.
 */
export function fillPacketLengths(): void {
  const { writeToStream } = mqttPacket
  // The other cache, a buffer for each of the 65,536 numbers of a packet (7 MB), would be made by the first packet.
  // mqtt.js switches it off when told to (`writeCache`), aedes never does.
  writeToStream.cacheNumbers = false
  const nowhere = new PassThrough()
  nowhere.write = () => true
  const bytes = Buffer.alloc(keptLengths)
  const publish = { cmd: 'publish', topic, qos: 0, dup: false, retain: false } as const
  for (let length = besidePayload; length < keptLengths; length++)
    writeToStream({ ...publish, payload: bytes.subarray(0, length - besidePayload) }, nowhere)
  // A PUBACK is the one packet of two bytes; lengths of 0 and 1 are not looked up.
  writeToStream({ cmd: 'puback', messageId: 1 }, nowhere)
}

fillPacketLengths()
