/** Makes cameras notice things, and writes down when. */
import type { Clock } from '../../clock.ts'
import { isMatched, type Match } from '../../faults/fault.ts'
import type { TruthLog } from '../../faults/truth.ts'
import type { Camera } from '../camera.ts'
import type { EventTopic } from './message.ts'
import { noEvents, push } from './state.ts'

export type EventOrder = { match: Match; topic: EventTopic; active: boolean }

export type Events = {
  /** How many cameras it changed something for: where it is so already, nothing happens. */
  raise(order: EventOrder): number
}

export function createEvents(cameras: readonly Camera[], clock: Clock, truth: TruthLog): Events {
  return {
    raise({ match, topic, active }) {
      let changed = 0
      for (const camera of cameras) {
        if (!isMatched(camera.spec, match) || (camera.events?.active.has(topic) ?? false) === active) continue
        changed++
        camera.events ??= noEvents()
        const { events } = camera
        if (active) events.active.add(topic)
        else events.active.delete(topic)
        const now = clock.now()
        // Without power nothing is noticed by anybody; what is so when it boots is told then.
        for (const point of camera.powered ? events.points : [])
          push(point, { topic, active, operation: 'Changed', at: now + camera.clockOffsetMs })
        truth.append({ at: now, device: camera.spec.id, what: topic, phase: active ? 'began' : 'ended' })
      }
      return changed
    },
  }
}
