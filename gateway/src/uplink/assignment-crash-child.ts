/** Run and killed by `assignment-store.test.ts`: takes one delta after another and says which are held. Arguments: store path, gateway. */
import { writeSync } from 'node:fs'
import type { Log } from '@hub/platform'
import { openAssignmentStore } from './assignment-store.ts'

const [, , path, gateway] = process.argv
const log = { info() {}, warn() {}, error() {} } as unknown as Log
const store = openAssignmentStore({ path: path!, legacy: `${path}.json`, gateway: gateway!, log })
const id = (n: number) => `43040500001320${String(n % 400).padStart(6, '0')}`

for (let version = store.held.version; ; version++) {
  const camera = {
    kind: 'camera',
    id: id(version),
    xaddr: `http://127.0.0.1:${1_000 + (version % 50_000)}/`,
    credential: 'a',
  } as const
  store.take({
    v: 2,
    gateway: gateway!,
    from: version,
    to: version + 1,
    put: [{ ...camera, every: 30_000 }],
    drop: [id(version + 200)],
  })
  // writeSync: the line is out before the kill, or it was never confirmed.
  writeSync(1, `${store.held.version} ${store.digest}\n`)
}
