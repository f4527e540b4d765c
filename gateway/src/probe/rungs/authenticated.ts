/** Does it take its login? GetDeviceInformation, which also shows another firmware. */

import { deviceInformation } from '../../onvif/identify.ts'
import type { DeviceInformation } from '../../onvif/read.ts'
import type { Rung } from '../rung.ts'

const compared = ['manufacturer', 'model', 'firmware', 'serial'] as const satisfies (keyof DeviceInformation)[]

export const authenticated: Rung = {
  name: 'authenticated',
  every: ({ authenticateEvery }) => authenticateEvery,
  // The identification says it first: that is rate-limited for a whole fleet.
  ready: (_, { said }, all) => all || said !== 'nothing',
  async run({ session, identity }) {
    try {
      const information = await deviceInformation(session)
      const differs = identity !== undefined && compared.some((key) => information[key] !== identity[key])
      return differs ? { said: 'pass', changed: information } : { said: 'pass' }
    } finally {
      session.close()
    }
  },
}
