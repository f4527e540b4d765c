/**
 * mqtt.js acknowledges a message by itself, or else holds back every later packet until `handleMessage` calls back — the
 * PUBACKs of our own publishing too, so that a handler which publishes and waits would wait for ever. Here handlers run
 * side by side, and each message's PUBACK goes out when its own handlers have settled.
 */
import type { MqttClient } from 'mqtt'
import type { Message } from './port.ts'

/** For QoS 1 an error is the one way on to the next packet without acknowledging this one; it is reported to nobody. */
const acknowledgedLater = new Error('acknowledged later')

export function manualAck(client: MqttClient, deliver: (message: Message) => Promise<void>): void {
  client.handleMessage = (packet, next) => {
    const stream = client.stream
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
    void deliver({ topic: packet.topic, payload }).then(() => {
      // A packet id means nothing on another connection: there the broker sends the message again.
      if (packet.qos === 1 && client.connected && client.stream === stream)
        // biome-ignore lint/complexity/useLiteralKeys: the type calls it private, and there is no public way
        client['_sendPacket']({ cmd: 'puback', messageId: packet.messageId! })
    })
    next(packet.qos === 1 ? acknowledgedLater : undefined)
  }
}
