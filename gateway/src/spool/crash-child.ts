/** Run and killed by `crash.test.ts`: adds observations without end and says which are on disk. Arguments: spool path, first `at`. */
import { writeSync } from 'node:fs'
import type { Clock, Log } from '@hub/platform'
import { createSpool } from './spool.ts'

const [, , path, first] = process.argv
const gateway = '43040500002000000001'
const device = '43040500001310000001'
// Made here and not imported: it is started twenty times, and the whole of platform takes a second to load.
const clock: Clock = {
  now: Date.now,
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  every: () => () => {},
}
const log = { info() {}, warn() {}, error() {} } as unknown as Log
const spool = createSpool({ path: path!, gateway, clock, log, maxBytes: 2 ** 30, batchMs: 5 })

for (let at = Number(first); ; at++) {
  // writeSync: the line is out before the kill, or the add was never acknowledged.
  void spool
    .add({ device, at, kind: 'probe', verdict: 'pass', rung: 'answers', every: 30_000 })
    .then(() => writeSync(1, `${at}\n`))
  if (at % 20 === 0) await new Promise((resolve) => clock.after(1, () => resolve(undefined)))
}
