import { createManualClock } from '@hub/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Hub, password, startHub } from '../../../hub/src/testing/hub.ts'
import { createLockout } from './lockout.ts'
import { createPasswords } from './passwords.ts'

const minute = 60_000
const hour = 60 * minute

describe('a session', () => {
  let hub: Hub
  beforeEach(async () => {
    hub = await startHub()
  })
  afterEach(() => hub.stop())
  const whoami = (user: string) => hub.ask(user, 'whoami')

  it('is opened by user and password, and its cookie cannot be read by scripts or sent by other sites', async () => {
    const answer = await hub.login('oper')
    expect(answer.json).toMatchObject({ user: 'oper', role: 'operator', districts: 'city' })
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^hub_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=86400$/,
    )
  })

  it('has a Secure cookie behind a TLS proxy on this machine', async () => {
    const answer = await hub.login('oper', password, { 'x-forwarded-proto': 'https' })
    expect(answer.headers.getSetCookie()[0]).toMatch(/; Secure$/)
  })

  it('is kept as the SHA-256 of its token only', async () => {
    const answer = await hub.login('oper')
    const token = /hub_session=([\w-]+)/.exec(answer.headers.getSetCookie()[0]!)![1]!
    const rows = await hub.record.db.selectFrom('session').selectAll().execute()
    expect(rows).toHaveLength(1)
    expect(rows[0]!.id).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it('gets a new token at each login, and the old one ends', async () => {
    const first = (await hub.login('oper')).headers.getSetCookie()[0]!.split(';')[0]!
    await hub.login('oper', password, { cookie: first })
    expect((await whoami('oper')).status).toBe(200)
    expect((await hub.ask(undefined, 'whoami', { headers: { cookie: first } })).status).toBe(401)
  })

  it('ends after eight idle hours', async () => {
    await hub.login('oper')
    for (let i = 0; i < 2; i++) {
      hub.clock.jump(8 * hour - minute)
      expect((await whoami('oper')).status).toBe(200)
    }
    hub.clock.jump(8 * hour)
    expect((await whoami('oper')).json).toMatchObject({ status: 401, code: 'session.required', detail: 'log in first' })
  })

  it('ends after 24 hours however busy it is', async () => {
    await hub.login('oper')
    for (let i = 0; i < 3; i++) {
      hub.clock.jump(7 * hour + 59 * minute)
      expect((await whoami('oper')).status).toBe(200)
    }
    hub.clock.advance(3 * minute)
    expect((await whoami('oper')).status).toBe(401)
  })

  it('ends at logout, and its streams with it', async () => {
    const stream = await hub.openStream('oper')
    await expect.poll(() => stream.of('snapshot').length).toBe(1)
    expect((await hub.ask('oper', 'logout')).status).toBe(204)
    await expect.poll(() => stream.isEnded()).toBe(true)
    expect((await whoami('oper')).status).toBe(401)
  })

  it('a stream ends when its session has run out', async () => {
    const stream = await hub.openStream('oper')
    await hub.record.db.updateTable('session').set({ expires_at: hub.clock.now() }).execute()
    await hub.clock.advanceAsync(15_000)
    await expect.poll(() => stream.isEnded()).toBe(true)
  })

  it('the wrong password and the unknown user are refused in the same words', async () => {
    const wrong = await hub.login('oper', 'wrong')
    const unknown = await hub.login('nobody', 'wrong')
    expect(wrong.status).toBe(401)
    expect(wrong.json.detail).toBe('用户名或密码错误')
    expect(unknown.text).toBe(wrong.text)
  })

  it('five wrong tries lock an account for fifteen minutes, the right password too, known or not', async () => {
    for (const user of ['oper', 'nobody']) {
      const from = (i: number) => ({ 'x-forwarded-for': `10.0.${user.length}.${i}`, 'accept-language': 'en' })
      for (let i = 0; i < 5; i++) expect((await hub.login(user, 'wrong', from(i))).status).toBe(401)
      const locked = await hub.login(user, password, from(9))
      expect(locked.status).toBe(429)
      expect(locked.json.detail).toBe('too many tries: locked until 2027-01-15 16:15 (UTC+8)')
    }
    hub.clock.advance(15 * minute)
    expect((await hub.login('oper')).status).toBe(200)
  })

  it('five wrong tries from one address lock the address, whatever the accounts', async () => {
    const headers = { 'x-forwarded-for': '10.1.1.1' }
    for (let i = 0; i < 5; i++) await hub.login(`user${i}`, 'wrong', headers)
    expect((await hub.login('oper', password, headers)).status).toBe(429)
    expect((await hub.login('oper', password, { 'x-forwarded-for': '10.1.1.2' })).status).toBe(200)
  })

  it('twenty tries at once are not more tries', async () => {
    const tries = Array.from({ length: 20 }, (_, i) => hub.login('oper', 'wrong', { 'x-forwarded-for': `10.2.0.${i}` }))
    const statuses = (await Promise.all(tries)).map((answer) => answer.status)
    expect(statuses.filter((s) => s === 401)).toHaveLength(5)
  })

  it('a restart gives no more tries', async () => {
    for (let i = 0; i < 5; i++) await hub.login('oper', 'wrong', { 'x-forwarded-for': `10.3.0.${i}` })
    const row = await hub.record.db.selectFrom('user').selectAll().where('name', '=', 'oper').executeTakeFirstOrThrow()
    expect(row).toMatchObject({ failures: 5, locked_until: hub.clock.now() + 15 * minute })
  })

  it('the first users are made once, and shown once', async () => {
    expect(hub.shown).toEqual([expect.stringMatching(/^security [\w-]{22}$/)])
    expect((await hub.ask('admin', 'whoami')).json).toMatchObject({ role: 'sysadmin', districts: 'city' })
  })
})

it('the first password is random when none is given, and shown', async () => {
  const hub = await startHub({}, { adminPassword: undefined })
  expect(hub.shown[0]).toMatch(/^admin [\w-]{22}$/)
  expect((await hub.login('admin', hub.shown[0]!.split(' ')[1])).json).toMatchObject({ mustChangePassword: true })
  await hub.stop()
})

describe('the lockout', () => {
  it('an account that is unlocked loses its tries at the address too, and no other does', () => {
    const clock = createManualClock()
    const lockout = createLockout(clock)
    for (let i = 0; i < 4; i++) lockout.fail('desk', 'x')
    lockout.fail('desk', 'y')
    expect(lockout.lockedUntil('desk')).not.toBeNull()
    lockout.pardon('desk', 'x', clock.now() - 1)
    expect(lockout.lockedUntil('desk')).not.toBeNull()
    lockout.pardon('desk', 'x', clock.now())
    expect(lockout.lockedUntil('desk')).toBeNull()
    for (let i = 0; i < 4; i++) lockout.fail('desk', 'y')
    expect(lockout.lockedUntil('desk')).not.toBeNull()
  })

  it('forgets tries that are older than fifteen minutes', () => {
    const clock = createManualClock()
    const lockout = createLockout(clock)
    for (let i = 0; i < 20; i++) {
      lockout.fail('x', 'x')
      clock.advance(4 * minute)
      expect(lockout.lockedUntil('x')).toBeNull()
    }
  })
  it('a right try takes back the count of the account', () => {
    const lockout = createLockout(createManualClock())
    for (let i = 0; i < 4; i++) lockout.fail('x', 'x')
    lockout.forgive('x')
    lockout.fail('x', 'x')
    expect(lockout.lockedUntil('x')).toBeNull()
  })
})

describe('passwords', () => {
  it('an unknown user costs as much as a known one', async () => {
    const passwords = createPasswords({ memoryCost: 4_096, timeCost: 2 })
    const stored = await passwords.hash('right')
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=4096,t=2,p=1\$/)
    const time = async (work: () => Promise<boolean>) => {
      // The least of several: a machine that is busy with something else only adds to it.
      let least = Number.POSITIVE_INFINITY
      for (let i = 0; i < 5; i++) {
        const begun = performance.now()
        expect(await work()).toBe(false)
        least = Math.min(least, performance.now() - begun)
      }
      return least
    }
    await time(() => passwords.verify(undefined, 'decoy'))
    const known = await time(() => passwords.verify(stored, 'wrong'))
    const unknown = await time(() => passwords.verify(undefined, 'decoy'))
    expect(unknown).toBeGreaterThan(known / 4)
  })
})
