/** What a device last said of its clock and its picture: looks do not all read them, so the last ones that did are kept. */
import type { Observation, Verdict } from '@hub/contracts'

export type Readings = {
  /** Device minus centre, milliseconds. */
  clockOffsetMs: number | null
  clockAt: number | null
  /** Verdict of the last look that reached the picture. */
  picture: Verdict | null
  pictureAt: number | null
}

export const noReadings = (): Readings => ({ clockOffsetMs: null, clockAt: null, picture: null, pictureAt: null })

/** In place: this is called for every look. The newest by event time counts, in whatever order they come. */
export function read(readings: Readings, { at, rung, verdict, values }: Observation): void {
  const offset = values?.clockOffsetMs
  if (offset !== undefined && at >= (readings.clockAt ?? at)) {
    readings.clockOffsetMs = offset
    readings.clockAt = at
  }
  // A gateway that could not tell has not seen a picture.
  if (rung === 'decodes' && verdict !== 'blind' && at >= (readings.pictureAt ?? at)) {
    readings.picture = verdict
    readings.pictureAt = at
  }
}
