/** What a camera notices, and who listens: made when something happens or somebody subscribes. No timers. */
import { type EventTopic, eventTopics, type Message, passes } from './message.ts'

export type Point = {
  readonly id: number
  /** On the camera's clock. */
  endsAt: number
  /** Topic expression of the subscriber. */
  filter?: string
  queue: Message[]
  /** Sends the pull that is held; none when nobody pulls. */
  wake?: () => void
}

export type EventState = {
  /** What is so now; a topic that is missing is not so. */
  readonly active: Set<EventTopic>
  points: Point[]
  nextId: number
}

/** As few as small cameras allow. */
export const mostPoints = 10
const longestQueue = 200

export const noEvents = (): EventState => ({ active: new Set(), points: [], nextId: 1 })

export function push(point: Point, message: Message): void {
  if (!passes(point.filter, message.topic)) return
  point.queue.push(message)
  if (point.queue.length > longestQueue) point.queue.shift()
  point.wake?.()
}

/** Every property as it is. */
export function synchronize(state: EventState, point: Point, at: number): void {
  for (const topic of eventTopics) push(point, { topic, active: state.active.has(topic), operation: 'Initialized', at })
}
