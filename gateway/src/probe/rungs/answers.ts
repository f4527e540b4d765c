/** Does it answer ONVIF? The health probe, which carries no login. Its fault names the rung below when there is no connection at all. */
import type { Rung, RungResult } from '../rung.ts'

export const answers: Rung = {
  name: 'answers',
  every: () => 1,
  vital: true,
  run: ({ session }) => session.readClock().then(resultOf),
}

const resultOf = (clockOffsetMs: number | null): RungResult =>
  clockOffsetMs === null ? { said: 'pass' } : { said: 'pass', values: { clockOffsetMs } }
