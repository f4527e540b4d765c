/** What the gateway itself counts; each field protocol has its own figures beside it. */
import type { AdapterStats } from './adapters/index.ts'
import type { LoopStats } from './loop.ts'
import type { Meters } from './meters.ts'
import type { SpoolStats } from './spool/spool.ts'
import type { UplinkStats } from './uplink/uplink.ts'

export type GatewayStats = AdapterStats & {
  connected: boolean
  blind: boolean
  devices: number
  assignment: number
  loop: LoopStats
  spool: Readonly<SpoolStats>
  uplink: UplinkStats
}

export function fillMetrics({ gauge, counter }: Meters, stats: GatewayStats): void {
  const { connected, blind, devices, assignment, loop, spool, uplink } = stats
  gauge('gateway_uplink_connected', '1 while the uplink is connected', Number(connected))
  gauge('gateway_blind', '1 while the own field network is down', Number(blind))
  gauge('gateway_loop_late_seconds', 'The longest that the event loop was late in the last minute', loop.lateMs / 1_000)
  counter('gateway_loop_late_total', 'Times that the event loop was late by half a second or more', loop.lateTimes)
  gauge('gateway_devices', 'Devices assigned', devices)
  gauge('gateway_assignment_version', 'Version of the assignment in force', assignment)
  if (uplink.clockOffsetMs !== null)
    gauge('gateway_clock_offset_seconds', 'Centre minus the machine clock', uplink.clockOffsetMs / 1_000)

  gauge('gateway_spool_batches', 'Batches waiting for an acknowledgement', spool.batches)
  gauge('gateway_spool_bytes', 'Payload bytes waiting for an acknowledgement', spool.bytes)
  gauge('gateway_spool_writable', '0 while the disk refuses', Number(spool.writable))
  counter('gateway_spool_observations_total', 'Observations offered to the spool', spool.added)
  counter('gateway_spool_stored_observations_total', 'Observations committed', spool.stored)
  counter('gateway_spool_refused_observations_total', 'Observations that could not be stored', spool.refused)
  counter('gateway_spool_shed_batches_total', 'Batches shed at capacity, oldest first', spool.shedBatches)
  counter('gateway_spool_shed_observations_total', 'Observations in shed batches', spool.shedObservations)
  counter('gateway_spool_failed_writes_total', 'Commits that the disk refused', spool.failedWrites)

  counter('gateway_uplink_sent_batches_total', 'Batches handed to the bus, resent ones included', uplink.sent)
  counter('gateway_uplink_resent_batches_total', 'Batches sent again', uplink.resent)
  gauge('gateway_uplink_in_flight_batches', 'Batches sent and not acknowledged', uplink.inFlight)
  gauge('gateway_uplink_untaken_batches', 'Of these, not taken by the broker yet', uplink.untaken)
  gauge(
    'gateway_uplink_ack_timeout_seconds',
    'Within which an acknowledgement comes, as things are',
    uplink.ackTimeoutMs / 1_000,
  )
  counter('gateway_uplink_acknowledged_batches_total', 'Batches acknowledged', uplink.acknowledged)
  counter('gateway_uplink_unknown_acks_total', 'Acks for no batch that waits', uplink.unknownAcks)
  counter('gateway_uplink_malformed_total', 'Messages from the centre not understood', uplink.malformed)
  counter('gateway_found_refused_total', 'Found devices beyond the bound', uplink.inventoryRefused)
}
