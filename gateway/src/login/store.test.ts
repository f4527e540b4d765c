import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createManualClock, type Log, silentLog } from '@hub/platform'
import { expect, onTestFinished, test } from 'vitest'
import { startProgram } from '../../../test/support/program.ts'
import { createLoginBudgets, type LoginService } from './budget.ts'
import { openLoginStore } from './store.ts'

const login = { user: 'canary-user', password: 'canary-password' }
const onvif: LoginService = 'onvif:80'

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'logins-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'logins.sqlite')
}

/** A gateway's budgets, from start to stop. */
function open(path: string, options: { maxRows?: number; log?: Log } = {}) {
  const clock = createManualClock()
  const budgets = createLoginBudgets({ clock, store: openLoginStore({ path, clock, log: silentLog, ...options }) })
  let closed = false
  const close = () => {
    if (!closed) budgets.close()
    closed = true
  }
  onTestFinished(close)
  const refuse = async (host: string, service = onvif, who = login) => {
    const attempt = await budgets.of(host, who).attempt(service, clock.now())
    if (typeof attempt === 'string') throw new Error(attempt)
    attempt.refused()
  }
  return { clock, budgets, close, refuse }
}

/** What was logged at `warn`. */
function warnings(): { log: Log; texts: string[] } {
  const texts: string[] = []
  const warn = (_: unknown, text: string) => void texts.push(text)
  return { log: Object.assign(Object.create(silentLog), { warn }) as Log, texts }
}

test('a restart refills no budget, of the host or of a service; a changed password has a fresh one', async () => {
  const path = scratch()
  const before = open(path)
  await before.refuse('10.0.0.1')
  await before.refuse('10.0.0.1', 'rtsp:554')
  await before.refuse('10.0.0.2')
  before.close()

  const after = open(path).budgets
  expect(await after.of('10.0.0.1', login).attempt(onvif, 0)).toBe('spent')
  expect(after.of('10.0.0.1', login).ownLeft('rtsp:554')).toBe(1)
  expect(after.of('10.0.0.2', login).left(onvif)).toBe(1)
  expect(after.of('10.0.0.1', { ...login, password: 'changed' }).left(onvif)).toBe(2)
})

test('a success, and the try that an operator gives, outlive a restart too', async () => {
  const path = scratch()
  const before = open(path)
  for (const host of ['10.0.0.1', '10.0.0.2']) await before.refuse(host)
  await before.refuse('10.0.0.2')
  const attempt = await before.budgets.of('10.0.0.1', login).attempt(onvif, 0)
  if (typeof attempt === 'string') throw new Error(attempt)
  attempt.accepted()
  before.budgets.of('10.0.0.2', login).allowAnother()
  before.close()
  const after = open(path).budgets
  expect([after.of('10.0.0.1', login).left(onvif), after.of('10.0.0.2', login).left(onvif)]).toEqual([2, 1])
})

test('no secret is in the file', async () => {
  const path = scratch()
  const { refuse, close } = open(path)
  await refuse('10.0.0.1')
  close()
  const bytes = readFileSync(path).toString('latin1')
  expect(bytes).toContain('10.0.0.1 ')
  for (const secret of [login.user, login.password, Buffer.from(login.password).toString('base64')])
    expect(bytes).not.toContain(secret)
})

test.each<[string, string]>([
  ['is no database', 'not a database, and longer than the header of one: '.repeat(40)],
  ['was cut off', ''],
])('a file that %s: every budget is full, which is logged', async (_, text) => {
  const path = scratch()
  const before = open(path)
  await before.refuse('10.0.0.1')
  await before.refuse('10.0.0.1')
  before.close()
  writeFileSync(path, text === '' ? readFileSync(path).subarray(0, 6_000) : text)
  const { log, texts } = warnings()
  const after = open(path, { log })
  expect(texts).toEqual(['the refused logins cannot be read: every login may be tried again'])
  expect(after.budgets.of('10.0.0.1', login).left(onvif)).toBe(2)
  await after.refuse('10.0.0.1')
  after.close()
  expect(open(path).budgets.of('10.0.0.1', login).left(onvif)).toBe(1)
})

test('a file that another process holds is left alone', () => {
  const path = scratch()
  open(path)
  expect(() => open(path)).toThrow('database is locked')
})

test('the file is bounded: the oldest refusals give way', async () => {
  const path = scratch()
  const { refuse, close, clock } = open(path, { maxRows: 100 })
  for (let n = 0; n < 2_000; n++) {
    await refuse(`10.0.${n >> 8}.${n & 255}`)
    clock.advance(1)
  }
  close()
  expect(statSync(path).size).toBeLessThan(100_000)
  const { budgets } = open(path)
  const left = (n: number) => budgets.of(`10.0.${n >> 8}.${n & 255}`, login).left(onvif)
  expect([left(0), left(1_900), left(1_999)]).toEqual([2, 2, 1])
})

test('a disk that refuses costs nobody the login: it is counted in memory, and said once', async () => {
  const path = scratch()
  const clock = createManualClock()
  const { log, texts } = warnings()
  const store = openLoginStore({ path, clock, log })
  store.close()
  const budget = createLoginBudgets({ clock, store }).of('10.0.0.1', login)
  for (let n = 0; n < 2; n++) {
    const attempt = await budget.attempt(onvif, 0)
    if (typeof attempt !== 'string') attempt.refused()
  }
  expect(budget.left(onvif)).toBe(0)
  expect(texts).toEqual(['refused logins cannot be written down: a restart would forget them'])
})

test('what was written is there after kill -9, at whatever moment', { timeout: 60_000 }, async () => {
  const path = scratch()
  const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url))
  for (let round = 0; round < 5; round++) {
    const running = startProgram(process.execPath, ['--no-warnings', child, path])
    await running.firstWords()
    await new Promise((resolve) => setTimeout(resolve, 7 * round))
    const { stdout } = await running.stop('SIGKILL')
    const { log, texts } = warnings()
    const store = openLoginStore({ path, clock: createManualClock(), log })
    const rows = new Map(store.load().map(({ key, service, refused }) => [`${key} ${service}`, refused]))
    store.close()
    const last = stdout.split('\n').slice(0, -1).map(Number)
    expect(last.length).toBeGreaterThan(0)
    for (const n of last) {
      expect(rows.get(`10.0.0.1 ${n} null`)).toBe(2)
      expect(rows.get(`10.0.0.1 ${n} onvif:80`)).toBe(2)
    }
    expect(texts).toEqual([])
  }
})
