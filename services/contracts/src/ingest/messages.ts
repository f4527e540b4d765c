/** Messages of what the field says, and of what it means. */
import { z } from 'zod'
import type { Message } from '../message.ts'
import { DeviceEvent } from './event.ts'
import { DataLag } from './lag.ts'
import { Measured } from './measured.ts'
import { Ack, ObservationBatch } from './observation.ts'
import { FieldStatus, Telemetry } from './telemetry.ts'
import { Correction, Transition } from './transition.ts'

/** The first block crosses the uplink, the second stays in the centre, the third is the field broker's. */
export const ingestMessages = {
  observations: { topic: 'hub/v1/gateways/{gateway}/observations', schema: ObservationBatch },
  acks: { topic: 'hub/v1/gateways/{gateway}/acks', schema: Ack },

  transitions: { topic: 'hub/v1/districts/{district}/transitions', schema: Transition },
  corrections: { topic: 'hub/v1/districts/{district}/corrections', schema: Correction },
  events: { topic: 'hub/v1/districts/{district}/events', schema: DeviceEvent },
  /** By the outbox, in the transaction that commits the batch. */
  measured: { topic: 'hub/v1/measured', schema: Measured },
  /** At each change, and every few seconds: who hears nothing of it for long knows that ingest does not run. */
  dataLag: { topic: 'hub/v1/data-lag', schema: DataLag.extend({ v: z.literal(1) }) },

  telemetry: { topic: 'field/v1/{device}/telemetry', schema: Telemetry },
  fieldStatus: { topic: 'field/v1/{device}/status', schema: FieldStatus },
} as const satisfies Record<string, Message>
