/** What a device last said of its clock and its picture: observations do not all read them, so the last ones that did are kept. */
import type { Observation, Verdict } from '@hub/contracts'

export type LatestValues = {
  /** Device minus centre, milliseconds. */
  clockOffsetMs: number | null
  clockAt: number | null
  /** Verdict of the last observation that reached the picture. */
  picture: Verdict | null
  pictureAt: number | null
}

export const noLatestValues = (): LatestValues => ({
  clockOffsetMs: null,
  clockAt: null,
  picture: null,
  pictureAt: null,
})

/** In place: this is called for every observation. The newest by event time counts, in whatever order they come. */
export function read(latest: LatestValues, { at, rung, verdict, values }: Observation): void {
  const offset = values?.clockOffsetMs
  if (offset !== undefined && at >= (latest.clockAt ?? at)) {
    latest.clockOffsetMs = offset
    latest.clockAt = at
  }
  // A gateway that could not tell has not seen a picture.
  if (rung === 'decodes' && verdict !== 'blind' && at >= (latest.pictureAt ?? at)) {
    latest.picture = verdict
    latest.pictureAt = at
  }
}
