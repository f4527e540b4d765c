/** The field protocols of this gateway. The one place where a protocol is put in force. */

import type { FieldContext, FieldProtocol } from './adapter.ts'
import { createAdapters } from './adapters.ts'
import { mqttSensors } from './mqtt-sensors.ts'
import { onvif } from './onvif.ts'

/** In the order in which they start. */
const protocols = [mqttSensors, onvif] as const

type StatsOf<P> = P extends FieldProtocol<infer S> ? S : never
type All<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void ? I : never
/** The figures of all protocols together. */
export type AdapterStats = All<StatsOf<(typeof protocols)[number]>>

export const createFieldAdapters = (context: FieldContext) => createAdapters<AdapterStats>(protocols, context)
export type { DeviceCommandName, DeviceCommands } from './adapter.ts'
