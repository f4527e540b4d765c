import type { Meters } from '../meters.ts'
import type { FieldStats } from './broker.ts'

export function fillFieldMetrics({ gauge, counter }: Meters, field: Readonly<FieldStats>): void {
  gauge('gateway_field_sensors', 'Sensors assigned', field.sensors)
  gauge('gateway_field_connected', 'Sensors connected', field.connected)
  counter('gateway_field_messages_total', 'Messages of sensors', field.messages)
  counter('gateway_field_malformed_total', 'Messages of sensors not understood, or not wholly', field.malformed)
  counter('gateway_field_out_of_range_total', 'Values of sensors refused', field.outOfRange)
  counter('gateway_field_late_total', 'Samples of sensors that were taken some time before they came', field.late)
  counter('gateway_field_held_total', 'Messages of sensors acknowledged later because they came too fast', field.held)
  counter('gateway_field_over_quota_total', 'Messages of sensors not taken: far too many', field.overQuota)
  counter('gateway_field_not_stored_total', 'Observations of sensors that could not be stored', field.notStored)
  counter(
    'gateway_field_missed_intervals_total',
    'Times at which data of a sensor was due and had not come',
    field.missedIntervals,
  )
  counter('gateway_field_refused_logins_total', 'Connections refused before or at login', field.refusedLogins)
}
