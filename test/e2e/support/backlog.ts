/** A sensor of the field with a backlog: it keeps each sample until it is acknowledged, however often it must send it, and over whatever connection. */
import mqtt, { type MqttClient } from 'mqtt'

export type Backlog = {
  readonly acknowledged: number
  /** Resolves when each sample is acknowledged. */
  sent(): Promise<void>
  stop(): Promise<void>
}

/** Under way at a time. */
const windowSize = 20

/** @param samples by the sensor's clock, and what it measured */
export function sendBacklog(
  url: string,
  sensor: { id: string; password: string; measure: string },
  samples: readonly { at: number; value: number }[],
): Backlog {
  const { id, password, measure } = sensor
  const waiting = samples.map((sample) => sample)
  let [acknowledged, underWay] = [0, 0]
  let client: MqttClient | undefined
  let isStopped = false
  const { promise, resolve } = Promise.withResolvers<void>()

  const fill = (own: MqttClient) => {
    while (own === client && own.connected && underWay < windowSize && waiting.length > 0) {
      const sample = waiting.shift()!
      underWay++
      const payload = JSON.stringify({ at: sample.at, values: { [measure]: sample.value } })
      own.publish(`field/v1/${id}/telemetry`, payload, { qos: 1 }, (error) => {
        underWay--
        // The next connection sends it again.
        if (error) return void waiting.unshift(sample)
        if (++acknowledged === samples.length) resolve()
        fill(own)
      })
    }
  }
  const open = () => {
    if (isStopped) return
    const own = mqtt.connect(url, { clientId: id, username: id, password, reconnectPeriod: 0, connectTimeout: 2_000 })
    client = own
    own.on('error', () => {})
    own.on('connect', () => fill(own))
    own.on('close', () => {
      // What was under way comes back as an error, and is sent again over the next connection.
      own.end(true)
      setTimeout(open, 200)
    })
  }
  open()
  return {
    get acknowledged() {
      return acknowledged
    },
    sent: () => promise,
    async stop() {
      isStopped = true
      await client?.endAsync(true)
    },
  }
}
