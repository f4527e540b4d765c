/** Which schema the payload of each topic has: JSON, UTF-8. */
import type { z } from 'zod'
import { DeviceEvent } from './event.ts'
import { Assignment, Command, CommandReply, GatewayStatus, Inventory } from './gateway.ts'
import { Ack, ObservationBatch } from './observation.ts'
import { Changed } from './scorecard.ts'
import { FieldStatus, Telemetry } from './telemetry.ts'
import type { TopicName } from './topics.ts'
import { Correction, RegistryChanged, Transition } from './transition.ts'

export const messages = {
  observations: ObservationBatch,
  acks: Ack,
  status: GatewayStatus,
  inventory: Inventory,
  assignment: Assignment,
  commands: Command,
  replies: CommandReply,
  transitions: Transition,
  corrections: Correction,
  events: DeviceEvent,
  registry: RegistryChanged,
  adjustments: Changed,
  exports: Changed,
  outages: Changed,
  workOrders: Changed,
  topology: Changed,
  telemetry: Telemetry,
  fieldStatus: FieldStatus,
} as const satisfies Record<TopicName, z.ZodType>
