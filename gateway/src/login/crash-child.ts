/** Run and killed by `store.test.ts`: writes refusals down without end and says which. Argument: path of the store. */
import { writeSync } from 'node:fs'
import type { Clock, Log } from '@hub/platform'
import { openLoginStore } from './store.ts'

// Made here and not imported: the whole of platform takes a second to load.
const clock = { now: Date.now } as Clock
const log = { info() {}, warn() {}, error() {} } as unknown as Log
const store = openLoginStore({ path: process.argv[2]!, clock, log })

for (let n = 0; ; n++) {
  store.save(`10.0.0.1 ${n}`, [{ service: null, refused: 1 }])
  store.save(`10.0.0.1 ${n}`, [
    { service: null, refused: 2 },
    { service: 'onvif:80', refused: 2 },
  ])
  // writeSync: the line is out before the kill, or the refusal was never said to be written.
  writeSync(1, `${n}\n`)
}
