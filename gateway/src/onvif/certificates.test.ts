import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createManualClock, silentLog } from '@hub/platform'
import { expect, onTestFinished, test } from 'vitest'
import { createCertificates } from './certificates.ts'

const [one, two, three] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string]
const camera = '43040500001310000001 urn:uuid:1'

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'certificates.json')
}
const clock = createManualClock()
const open = (path?: string) => createCertificates({ ...(path !== undefined && { path }), clock, log: silentLog })

test('the first certificate is trusted, another is refused and told until it is accepted', () => {
  const pin = open().of(camera)
  expect([pin.check(one), pin.check(one), pin.changed]).toEqual([true, true, undefined])
  expect(pin.check(two)).toBe(false)
  expect(pin.changed).toEqual({ trusted: one, offered: two })
  expect(pin.accept(three)).toBe(false)
  expect([pin.accept(two), pin.changed, pin.check(two), pin.check(one)]).toEqual([true, undefined, true, false])
})

test('the former one that is back is told no more', () => {
  const pin = open().of(camera)
  pin.check(one)
  pin.check(two)
  expect([pin.check(one), pin.changed, pin.accept(two)]).toEqual([true, undefined, false])
})

test('a restart forgets none, and neither does another process that is told to stop at once', () => {
  const path = scratch()
  const before = open(path)
  before.of(camera).check(one)
  before.close()
  const after = open(path)
  expect([after.of(camera).check(two), after.of(`${camera} replaced`).check(two)]).toEqual([false, true])
  clock.advance(2_000)
  expect(Object.values(JSON.parse(readFileSync(path, 'utf8')))).toEqual([one, two])
})

test('a configured one is trusted in any case of letters, and no other can be accepted', () => {
  const pin = open().of(camera, 'AB'.repeat(32))
  expect([pin.check('ab'.repeat(32)), pin.check(one), pin.accept(one)]).toEqual([true, false, false])
  expect(pin.changed).toEqual({ trusted: 'ab'.repeat(32), offered: one })
})

test('a file that cannot be read is begun anew', () => {
  const path = scratch()
  writeFileSync(path, '{"a":')
  expect(open(path).of(camera).check(one)).toBe(true)
})
