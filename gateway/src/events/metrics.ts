import type { Meters } from '../meters.ts'
import type { EventsStats } from './events.ts'

export function fillEventMetrics({ gauge, counter }: Meters, events: EventsStats): void {
  gauge('gateway_events_subscriptions', 'Event subscriptions in force', events.subscriptions)
  gauge('gateway_events_waiting', 'Cameras that wait for a slot to subscribe', events.waiting)
  gauge('gateway_events_unsupported', 'Cameras without PullPoint', events.unsupported)
  counter('gateway_events_total', 'Changes that cameras reported', events.events)
  counter('gateway_events_same_total', 'Repetitions of what was known', events.same)
  counter('gateway_events_odd_total', 'Notifications not understood', events.odd)
  counter('gateway_events_over_total', 'Changes left out because a camera said too much', events.over)
  counter(
    'gateway_events_not_stored_total',
    'Changes that could not be stored and are asked for again',
    events.notStored,
  )
  counter('gateway_events_faults_total', 'Event calls that failed', events.faults)
}
