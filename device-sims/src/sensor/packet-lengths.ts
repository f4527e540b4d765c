/**
 * mqtt-packet keeps a buffer of two bytes for each distinct packet length, and each pins the slab of Node's pool it was cut
 * from. `services/platform/src/bus/packet-lengths.ts` says more; this is the same for the simulators, which import nothing of it.
 */
import { PassThrough } from 'node:stream'
import mqttPacket from 'mqtt-packet'

const nowhere = new PassThrough()
nowhere.write = () => true
const bytes = Buffer.alloc(16_384)
mqttPacket.writeToStream.cacheNumbers = false
for (let length = 3; length < 16_384; length++) {
  const payload = bytes.subarray(0, length - 3)
  mqttPacket.writeToStream({ cmd: 'publish', topic: 't', payload, qos: 0, dup: false, retain: false }, nowhere)
}
