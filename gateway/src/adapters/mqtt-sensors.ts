/** Sensors that connect to our broker and publish their telemetry. */
import type { AssignedDevice, AssignedSensor } from '@hub/contracts'
import { createFieldBroker, type FieldStats } from '../field/broker.ts'
import { fillFieldMetrics } from '../field/metrics.ts'
import type { FieldProtocol } from './adapter.ts'

const isSensor = (device: AssignedDevice): device is AssignedSensor => device.kind === 'sensor'

export const mqttSensors: FieldProtocol<{ field: Readonly<FieldStats> }> = {
  name: 'mqtt-sensors',
  serves: isSensor,
  create({ clock, log, config, emit }) {
    const { host, port, connectionsPerAddress } = config.field
    const broker = createFieldBroker({ clock, log, config: { host, port, limits: { connectionsPerAddress } }, emit })
    return {
      start: broker.start,
      stop: broker.stop,
      apply: ({ put, drop }) => broker.apply({ put: put.filter(isSensor), drop }),
      commands: {
        explain: async (id) => broker.explain(id),
        async 'field-command'(id, { command = '', ...args }, key) {
          const { at } = await broker.order(id, { key, command, args })
          return { at }
        },
      },
      get port() {
        return broker.port
      },
      stats: () => ({ field: broker.stats() }),
      fillMetrics: (meters) => fillFieldMetrics(meters, broker.stats()),
    }
  },
}
