/** Does its stream describe itself? RTSP DESCRIBE, which also shows another codec or resolution. */
import { LoginRefusal, OnvifFault } from '../../onvif/fault.ts'
import type { Rung, RungResult } from '../rung.ts'
import { spread } from '../schedule.ts'
import type { StreamDescription } from '../sdp.ts'

export const describes: Rung = {
  name: 'describes',
  every: ({ describeEvery }) => describeEvery,
  phased: true,
  ready: ({ identity }) => identity?.streamUri !== undefined,
  async run({ rtsp, identity }, before): Promise<RungResult> {
    try {
      const description = await rtsp.describe(identity!.streamUri!)
      const mark = markOf(description)
      const { codec, fps } = description
      const differs = before.mark !== undefined && before.mark !== mark
      return differs ? { said: 'pass', mark, changed: { codec, fps } } : { said: 'pass', mark }
    } catch (error) {
      if (!(error instanceof OnvifFault)) throw error
      const { reason, message } = error
      // If the password was changed, ONVIF refuses it too: it is asked before the stream is again, and an account that it takes begins anew.
      if (error instanceof LoginRefusal) return { said: reason, detail: message, doubts: ['authenticated'] }
      // Its stream may be at another address since it was set up anew.
      if (reason === 'no-stream' && before.said === 'pass') return { said: reason, detail: message, stale: true }
      throw error
    }
  },
}

/** Codec, frame rate and, by its parameter sets, resolution of the stream. */
const markOf = ({ codec, fps, parameterSets }: StreamDescription): number =>
  spread(`${codec} ${fps} ${parameterSets.map((set) => set.toString('base64')).join()}`)
