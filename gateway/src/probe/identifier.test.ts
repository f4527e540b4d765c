import { createManualClock, silentLog } from '@hub/platform'
import { expect, test } from 'vitest'
import { OnvifFault } from '../onvif/fault.ts'
import { Background } from './background.ts'
import { type Identifiable, Identifier } from './identifier.ts'

type Item = Identifiable & { fails?: boolean }
const camera = (n: number, more: Partial<Item> = {}): Item => ({
  id: `${n}`,
  host: `h${n}`,
  every: 30_000,
  canLogIn: true,
  incomplete: false,
  ...more,
})

function bench() {
  const clock = createManualClock()
  const asked: string[] = []
  const open: (() => void)[] = []
  let held = false
  const identifier = new Identifier<Item, string>({
    clock,
    log: silentLog,
    background: new Background(silentLog),
    atHost: (_, work) => work(),
    async identify({ id, fails }) {
      asked.push(id)
      if (held) await new Promise<void>((resolve) => open.push(resolve))
      if (fails) throw new OnvifFault('answers', 'reset', 'gone')
      return id
    },
    retryAfterProbes: 10,
    againMs: 3_600_000,
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const hold = (now: boolean) => {
    held = now
  }
  return { clock, asked, open, identifier, settle, hold }
}

test('a camera is identified when it answers, then not again for a while', async () => {
  const { identifier, asked, settle, clock } = bench()
  const one = identifier.add(camera(1))
  for (let n = 0; n < 3; n++) {
    identifier.answered(one)
    await settle()
  }
  expect([asked, one.known]).toEqual([['1'], true])
  clock.advance(1.5 * 3_600_000)
  identifier.answered(one)
  await settle()
  expect(asked).toEqual(['1', '1'])
})

test('one that failed is tried again after ten probes; one that has changed, at once; one that is out of date, with the next answer', async () => {
  const { identifier, asked, settle, clock } = bench()
  const failing = camera(1, { fails: true })
  const one = identifier.add(failing)
  const answer = async () => {
    identifier.answered(one)
    await settle()
    return asked.length
  }
  expect([await answer(), await answer(), one.known]).toEqual([1, 1, false])
  clock.advance(300_000)
  expect(await answer()).toBe(2)
  delete failing.fails
  identifier.changed(one)
  await settle()
  expect([asked.length, one.known, await answer()]).toEqual([3, true, 3])
  clock.advance(300_000)
  identifier.stale(one)
  expect(await answer()).toBe(4)
})

test('not without a login that may be sent, and not once it was removed', async () => {
  const { identifier, asked, settle } = bench()
  identifier.answered(identifier.add(camera(1, { canLogIn: false })))
  const gone = identifier.add(camera(2))
  identifier.remove(gone)
  identifier.answered(gone)
  await settle()
  expect(asked).toEqual([])
})

test('sixteen at a time, whatever the fleet', async () => {
  const { identifier, asked, open, settle, hold } = bench()
  hold(true)
  for (let n = 0; n < 40; n++) identifier.answered(identifier.add(camera(n)))
  await settle()
  expect(asked).toHaveLength(16)
  hold(false)
  for (const end of open.splice(0)) end()
  await settle()
  expect(asked).toHaveLength(40)
})

test('an operator is answered at once, and hears why not', async () => {
  const { identifier } = bench()
  expect(await identifier.now(identifier.add(camera(1)))).toBe('1')
  await expect(identifier.now(identifier.add(camera(2, { fails: true })))).rejects.toThrow('gone')
})
