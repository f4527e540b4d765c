/** What the gateway counts, as Prometheus reads it. Filled at each scrape from the parts' own figures. */
import type { Metrics } from '@hub/platform'
import type { Discovery } from './discovery/index.ts'
import type { Events } from './events/index.ts'
import type { FieldStats } from './field/broker.ts'
import type { Prober } from './probe/index.ts'
import type { SpoolStats } from './spool/spool.ts'
import type { UplinkStats } from './uplink/uplink.ts'

export type GatewayStats = {
  connected: boolean
  blind: boolean
  devices: number
  assignment: number
  spool: Readonly<SpoolStats>
  uplink: UplinkStats
  field: Readonly<FieldStats>
  probe: ReturnType<Prober['stats']>
  events: ReturnType<Events['stats']>
  discovery: ReturnType<Discovery['counters']>
}

export function fillMetrics(metrics: Metrics, { connected, blind, devices, assignment, ...of }: GatewayStats): void {
  const gauge = (name: string, help: string, value: number) => metrics.gauge(name, help).set(value)
  const counter = (name: string, help: string, value: number) => {
    const metric = metrics.counter(name, help)
    metric.reset()
    metric.inc(value)
  }
  gauge('gateway_uplink_connected', '1 while the uplink is connected', Number(connected))
  gauge('gateway_blind', '1 while the own field network is down', Number(blind))
  gauge('gateway_devices', 'Devices assigned', devices)
  gauge('gateway_assignment_version', 'Version of the assignment in force', assignment)
  if (of.uplink.clockOffsetMs !== null)
    gauge('gateway_clock_offset_seconds', 'Centre minus the machine clock', of.uplink.clockOffsetMs / 1_000)

  gauge('gateway_spool_batches', 'Batches waiting for an acknowledgement', of.spool.batches)
  gauge('gateway_spool_bytes', 'Payload bytes waiting for an acknowledgement', of.spool.bytes)
  gauge('gateway_spool_writable', '0 while the disk refuses', Number(of.spool.writable))
  counter('gateway_spool_observations_total', 'Observations offered to the spool', of.spool.added)
  counter('gateway_spool_stored_observations_total', 'Observations committed', of.spool.stored)
  counter('gateway_spool_refused_observations_total', 'Observations that could not be stored', of.spool.refused)
  counter('gateway_spool_shed_batches_total', 'Batches shed at capacity, oldest first', of.spool.shedBatches)
  counter('gateway_spool_shed_observations_total', 'Observations in shed batches', of.spool.shedObservations)
  counter('gateway_spool_failed_writes_total', 'Commits that the disk refused', of.spool.failedWrites)

  counter('gateway_uplink_sent_batches_total', 'Batches handed to the bus, resent ones included', of.uplink.sent)
  counter('gateway_uplink_resent_batches_total', 'Batches sent again', of.uplink.resent)
  counter('gateway_uplink_acknowledged_batches_total', 'Batches acknowledged', of.uplink.acknowledged)
  counter('gateway_uplink_unknown_acks_total', 'Acks for no batch that waits', of.uplink.unknownAcks)
  counter('gateway_uplink_malformed_total', 'Messages from the centre not understood', of.uplink.malformed)
  counter('gateway_found_refused_total', 'Found devices beyond the bound', of.uplink.inventoryRefused)

  gauge('gateway_field_sensors', 'Sensors assigned', of.field.sensors)
  gauge('gateway_field_connected', 'Sensors connected', of.field.connected)
  counter('gateway_field_messages_total', 'Messages of sensors', of.field.messages)
  counter('gateway_field_malformed_total', 'Messages of sensors not understood', of.field.malformed)
  counter('gateway_field_out_of_range_total', 'Values of sensors refused', of.field.outOfRange)
  counter('gateway_field_over_quota_total', 'Messages of sensors ignored as too many', of.field.overQuota)
  counter('gateway_field_not_stored_total', 'Observations of sensors that could not be stored', of.field.notStored)
  counter(
    'gateway_field_missed_intervals_total',
    'Times at which data of a sensor was due and had not come',
    of.field.missedIntervals,
  )
  counter('gateway_field_refused_logins_total', 'Sensors refused at login', of.field.refusedLogins)

  gauge('gateway_probe_cameras', 'Cameras assigned', of.probe.cameras)
  gauge('gateway_probe_running', 'Looks under way', of.probe.running)
  gauge('gateway_probe_parked', 'Looks under way that wait for a slow camera', of.probe.parked)
  gauge('gateway_probe_waiting', 'Looks that are due and wait', of.probe.waiting)
  counter('gateway_probe_looks_total', 'Looks at cameras', of.probe.looks)
  const late = metrics.counter('gateway_probe_late_looks_total', 'Looks that began at most so late, seconds', ['le'])
  late.reset()
  let upTo = 0
  for (const [n, count] of of.probe.lateness.entries()) {
    upTo += count
    late.inc({ le: n < of.probe.lateness.length - 1 ? String((2 ** n * 25) / 1_000) : '+Inf' }, upTo)
  }

  gauge('gateway_events_subscriptions', 'Event subscriptions in force', of.events.subscriptions)
  gauge('gateway_events_waiting', 'Cameras that wait for a place to subscribe', of.events.waiting)
  gauge('gateway_events_unsupported', 'Cameras without PullPoint', of.events.unsupported)
  counter('gateway_events_total', 'Changes that cameras told', of.events.events)
  counter('gateway_events_same_total', 'Repetitions of what was known', of.events.same)
  counter('gateway_events_odd_total', 'Notifications not understood', of.events.odd)
  counter('gateway_events_over_total', 'Changes left out because a camera said too much', of.events.over)
  counter(
    'gateway_events_not_stored_total',
    'Changes that could not be stored and are asked for again',
    of.events.notStored,
  )
  counter('gateway_events_faults_total', 'Event calls that failed', of.events.faults)

  const datagrams = metrics.counter('gateway_discovery_total', 'What discovery met, by kind', ['kind'])
  datagrams.reset()
  for (const [kind, count] of Object.entries(of.discovery)) datagrams.inc({ kind }, count)
}
