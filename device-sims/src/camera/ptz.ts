/** Pan, tilt and zoom: where the head points, and how it gets to a preset. */

export type Position = { pan: number; tilt: number; zoom: number }
export type PtzState = Position & {
  /** Speed while a ContinuousMove lasts; units a second. */
  speed: Position
  /** When the speed was set. */
  since: number
  /** On the way to a preset: until when, and where it came from. */
  goal?: { from: Position; until: number }
}

/** From one end to the other: a fast dome. ms */
const acrossMs = 800

export const presets: readonly (Position & { token: string; name: string })[] = [
  { token: '1', name: '全景', pan: 0, tilt: 0.2, zoom: 0 },
  { token: '2', name: '路口东', pan: 0.5, tilt: -0.1, zoom: 0.3 },
  { token: '3', name: '路口西', pan: -0.5, tilt: -0.1, zoom: 0.3 },
  { token: '4', name: '人行道', pan: 0.1, tilt: -0.6, zoom: 0.7 },
]

const still: Position = { pan: 0, tilt: 0, zoom: 0 }
const clamp = (n: number, low: number, high: number): number => Math.min(high, Math.max(low, n))

export const parked = (now: number): PtzState => ({ ...presets[0]!, speed: still, since: now })

/** Where the head is at `now`. A move runs at most ten seconds unless stopped before. */
export function positionAt(state: PtzState, now: number): Position {
  const { goal } = state
  if (goal && now < goal.until) {
    const share = clamp((now - state.since) / (goal.until - state.since), 0, 1)
    const between = (axis: keyof Position) => goal.from[axis] + share * (state[axis] - goal.from[axis])
    return { pan: between('pan'), tilt: between('tilt'), zoom: between('zoom') }
  }
  const s = clamp((now - state.since) / 1_000, 0, 10)
  return {
    pan: clamp(state.pan + state.speed.pan * s, -1, 1),
    tilt: clamp(state.tilt + state.speed.tilt * s, -1, 1),
    zoom: clamp(state.zoom + state.speed.zoom * s, 0, 1),
  }
}

export const isMoving = (state: PtzState, now: number): boolean =>
  (state.goal !== undefined && now < state.goal.until) ||
  (now - state.since < 10_000 && (state.speed.pan !== 0 || state.speed.tilt !== 0 || state.speed.zoom !== 0))

export const move = (state: PtzState, speed: Position, now: number): PtzState => ({
  ...positionAt(state, now),
  speed,
  since: now,
})
export const stop = (state: PtzState, now: number): PtzState => move(state, still, now)

/** It is under way for as long as its longest axis takes. */
export function goTo(state: PtzState, { pan, tilt, zoom }: Position, now: number): PtzState {
  const from = positionAt(state, now)
  const way = Math.max(Math.abs(pan - from.pan), Math.abs(tilt - from.tilt), 2 * Math.abs(zoom - from.zoom))
  return { pan, tilt, zoom, speed: still, since: now, goal: { from, until: now + Math.round((way / 2) * acrossMs) } }
}

const spaces =
  '<tt:DefaultContinuousPanTiltVelocitySpace>http://www.onvif.org/ver10/tptz/PanTiltSpaces/VelocityGenericSpace</tt:DefaultContinuousPanTiltVelocitySpace>' +
  '<tt:DefaultContinuousZoomVelocitySpace>http://www.onvif.org/ver10/tptz/ZoomSpaces/VelocityGenericSpace</tt:DefaultContinuousZoomVelocitySpace>'

export const configuration = (tag: string): string =>
  `<${tag} token="PTZ_1"><tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>PTZNode_1</tt:NodeToken>${spaces}<tt:DefaultPTZTimeout>PT10S</tt:DefaultPTZTimeout></${tag}>`
