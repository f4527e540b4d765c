import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AssignedDevice, AssignmentDelta, AssignmentMessage } from '@hub/contracts'
import { emptyDigest, toggled } from '@hub/core'
import { silentLog } from '@hub/platform'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startProgram } from '../../../test/support/program.ts'
import { gateway, scratchFolder } from '../spool/fixtures.ts'
import { openAssignmentStore } from './assignment-store.ts'

const id = (n: number) => `43040500001320${String(n).padStart(6, '0')}`
const camera = (n: number, port = 8_000): AssignedDevice => ({
  kind: 'camera',
  id: id(n),
  xaddr: `http://127.0.0.1:${port}/onvif/device_service`,
  credential: 'yard',
  every: 30_000,
})
const digestOf = (devices: Iterable<AssignedDevice>) => [...devices].reduce(toggled, emptyDigest)
const delta = (from: number, to: number, more: Partial<AssignmentDelta> = {}): AssignmentMessage => ({
  v: 2,
  gateway,
  from,
  to,
  put: [],
  drop: [],
  ...more,
})

function testStore(folder = scratchFolder()) {
  const options = {
    path: join(folder, 'assignment.sqlite'),
    legacy: join(folder, 'assignment.json'),
    gateway,
    log: silentLog,
  }
  let store = openAssignmentStore(options)
  let isOpen = true
  const close = () => {
    if (isOpen) store.close()
    isOpen = false
  }
  onTestFinished(close)
  const reopen = () => {
    close()
    store = openAssignmentStore(options)
    isOpen = true
    return store
  }
  return { store, reopen, close, folder, ...options }
}

describe('a delta', () => {
  it('changes the named devices alone, says what has changed, and is there after a restart', () => {
    const { store, reopen } = testStore()
    expect(store.take(delta(0, 3, { put: [camera(1), camera(2), camera(3)] }))).toMatchObject({ drop: [] })
    const put = [camera(2), camera(3, 8_001), camera(4)]
    const change = store.take(delta(3, 5, { put, drop: [id(1), id(9)] }))
    expect(change).toEqual({ put: [camera(3, 8_001), camera(4)], drop: [id(1)] })
    for (const each of [store, reopen()]) {
      expect(each.held).toEqual({ version: 5, whole: undefined })
      expect([...each.devices.values()].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(put)
      expect(each.digest).toBe(digestOf(put))
    }
  })

  it('is taken twice to no effect, and not at all when it was overtaken or does not follow', () => {
    const { store } = testStore()
    const first = delta(0, 4, { put: [camera(1)] })
    store.take(first)
    expect(store.take(first)).toEqual({ put: [], drop: [] })
    store.take(delta(2, 6, { put: [camera(1, 8_001)] }))
    expect(store.held.version).toBe(6)
    expect(store.take(first)).toBeUndefined()
    expect(store.take(delta(7, 8, { drop: [id(1)] }))).toBeUndefined()
    expect([...store.devices.values()]).toEqual([camera(1, 8_001)])
  })
})

describe('a whole list by ranges', () => {
  it('replaces what is held, range by range, and its version is in force with the last one', () => {
    const { store, reopen } = testStore()
    store.take(delta(0, 9, { put: [1, 2, 3, 4, 5].map((n) => camera(n)) }))
    const first = delta(0, 20, { range: { after: null, upTo: id(3) }, put: [camera(1), camera(3, 8_001)] })
    expect(store.take(first)).toEqual({ put: [camera(3, 8_001)], drop: [id(2)] })
    const again = reopen()
    expect(again.held).toEqual({ version: 9, whole: { to: 20, upTo: id(3) } })
    // Not the next one, and one of another list.
    expect(again.take(delta(0, 20, { range: { after: id(4), upTo: null } }))).toBeUndefined()
    expect(again.take(delta(0, 21, { range: { after: id(3), upTo: null } }))).toBeUndefined()
    expect(again.take(delta(0, 20, { range: { after: id(3), upTo: null }, put: [camera(5), camera(6)] }))).toEqual({
      put: [camera(6)],
      drop: [id(4)],
    })
    expect(again.held).toEqual({ version: 20, whole: undefined })
    expect(again.digest).toBe(digestOf([camera(1), camera(3, 8_001), camera(5), camera(6)]))
  })

  it('may begin anew in the middle', () => {
    const { store } = testStore()
    store.take(delta(0, 20, { range: { after: null, upTo: id(3) }, put: [camera(1)] }))
    store.take(delta(0, 21, { range: { after: null, upTo: id(1) }, put: [camera(1)] }))
    expect(store.held.whole).toEqual({ to: 21, upTo: id(1) })
  })
})

it('a whole list in one message, of a centre of before, is taken as what differs', () => {
  const { store } = testStore()
  store.take({ v: 1, gateway, version: 7, devices: [camera(1), camera(2)] })
  expect(store.take({ v: 1, gateway, version: 6, devices: [camera(2), camera(3)] })).toEqual({
    put: [camera(3)],
    drop: [id(1)],
  })
  expect([store.held.version, store.digest]).toEqual([6, digestOf([camera(2), camera(3)])])
})

describe('the file', () => {
  it('of before is taken over once, and left as it is', () => {
    const folder = scratchFolder()
    const legacy = join(folder, 'assignment.json')
    const text = JSON.stringify({ v: 1, gateway, version: 7, devices: [camera(1), camera(2)] })
    writeFileSync(legacy, text)
    const { store, reopen } = testStore(folder)
    expect([store.held.version, store.digest]).toEqual([7, digestOf([camera(1), camera(2)])])
    store.take(delta(7, 8, { drop: [id(1)] }))
    expect([...reopen().devices.keys()]).toEqual([id(2)])
    expect(readFileSync(legacy, 'utf8')).toBe(text)
  })

  it('that cannot be read, or is of another gateway, is not used', () => {
    const { store, reopen, close, path, legacy } = testStore()
    store.take(delta(0, 3, { put: [camera(1)] }))
    close()
    const other = openAssignmentStore({ path, legacy, gateway: '43040500002000000009', log: silentLog })
    expect([other.held.version, other.devices.size]).toEqual([0, 0])
    other.close()
    expect(reopen().held.version).toBe(0)
    close()
    writeFileSync(path, 'not a database at all, and long enough to be told from one'.repeat(100))
    expect(reopen().devices.size).toBe(0)
  })

  it('is for its owner alone: it holds digests of passwords', () => {
    const { path } = testStore()
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('is not written whole for one device: a delta costs the same with 20,000 beside it', () => {
    const written = (devices: number) => {
      const { store, path } = testStore()
      for (let n = 0; n < devices; n += 500)
        store.take(delta(n, n + 500, { put: Array.from({ length: 500 }, (_, i) => camera(n + i)) }))
      const before = statSync(`${path}-wal`).size
      store.take(delta(devices, devices + 1, { put: [camera(devices - 7, 8_001)] }))
      return statSync(`${path}-wal`).size - before
    }
    const bytes = [1_000, 5_000, 20_000].map(written)
    console.log(`bytes written for one device beside 1,000, 5,000, 20,000: ${bytes.join(', ')}`)
    // The log is begun anew when it was long; else two pages are added.
    for (const each of bytes) expect(each).toBeLessThanOrEqual(5 * 4_200)
  })
})

it('what was confirmed is held after a kill at any moment', { timeout: 120_000 }, async () => {
  const child = fileURLToPath(new URL('./assignment-crash-child.ts', import.meta.url))
  const folder = scratchFolder()
  const path = join(folder, 'assignment.sqlite')
  let version = 0
  for (let round = 0; round < 8; round++) {
    const running = startProgram(process.execPath, ['--no-warnings', child, path, gateway])
    await running.firstWords()
    await new Promise((resolve) => setTimeout(resolve, 7 * round))
    const { stdout } = await running.stop('SIGKILL')
    const said = stdout.split('\n').slice(0, -1).at(-1)!.split(' ')
    const store = openAssignmentStore({ path, legacy: `${path}.json`, gateway, log: silentLog })
    // One more may have been committed and not said.
    expect([0, 1]).toContain(store.held.version - Number(said[0]))
    if (store.held.version === Number(said[0])) expect(store.digest).toBe(said[1])
    expect(store.digest).toBe(digestOf(store.devices.values()))
    expect(store.held.version).toBeGreaterThan(version)
    version = store.held.version
    store.close()
  }
})
