/** Passwords and rights are changed, and what was open with the old ones ends. */
import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, type Hub, password, passwordCost, startHub } from '../../../hub/src/testing/hub.ts'
import { createPasswords } from './passwords.ts'
import { createUsers } from './users.ts'

const next = 'quite another one'
let hub: Hub
beforeEach(async () => {
  hub = await startHub()
})
afterEach(() => hub.stop())
const of = (user: string) => ({ params: { user } })
const whoami = (user: string) => hub.ask(user, 'whoami')
const change = (user: string, body: object) => hub.ask('sec', 'changeUser', { ...of(user), body })
const own = (user: string, oldPassword: string, to = next) =>
  hub.ask(user, 'changePassword', { body: { oldPassword, password: to } })
const reset = (user: string, to = next) => hub.ask('sec', 'resetPassword', { ...of(user), body: { password: to } })
const rowOf = async (user: string) =>
  (await hub.ask('sec', 'users')).json.users.find((row: { user: string }) => row.user === user)
const acts = async (subject: string) =>
  (await hub.record.db.selectFrom('audit').selectAll().where('subject', '=', subject).execute())
    .filter(({ action }) => !/^session\.(open|refused)$|^user\.create$/.test(action))
    .map(({ actor, action, detail }) => [actor, action, JSON.parse(detail)])

describe('the own password', () => {
  it('is changed by who knows the old one: other sessions and streams end, this browser goes on', async () => {
    await hub.login('oper')
    const elsewhere = (await hub.login('oper')).headers.getSetCookie()[0]!.split(';')[0]!
    const stream = await hub.openStream('oper')
    await hub.login('oper')
    const { status, json, headers } = await own('oper', password)
    expect([status, json.user, json.mustChangePassword]).toEqual([200, 'oper', false])
    const cookie = headers.getSetCookie()[0]!.split(';')[0]!
    expect(cookie).toMatch(/^hub_session=[\w-]{43}$/)
    await expect.poll(() => stream.isEnded()).toBe(true)
    expect((await hub.ask(undefined, 'whoami', { headers: { cookie } })).status).toBe(200)
    for (const old of [elsewhere])
      expect((await hub.ask(undefined, 'whoami', { headers: { cookie: old } })).status).toBe(401)
    expect((await whoami('oper')).status).toBe(401)
    expect((await hub.login('oper', password)).status).toBe(401)
    expect((await hub.login('oper', next)).status).toBe(200)
    expect(await acts('oper')).toEqual([['oper', 'session.password', { address: '127.0.0.1' }]])
  })

  it('is refused with the wrong old one, which is no end of the session; five tries lock', async () => {
    for (let i = 0; i < 5; i++) {
      const { status, json } = await own('oper', `wrong ${i}`)
      expect([status, json.detail]).toEqual([400, 'oldPassword is …: is not the password'])
    }
    expect((await own('oper', password)).status).toBe(429)
    expect((await whoami('oper')).status).toBe(200)
  })

  it.each([
    [password, 'password is …: must differ from the old one'],
    ['my name is OPER!', 'password is …: must not hold the user name'],
    ['short', 'password is …: Too small: expected string to have >=10 characters'],
  ])('is not %s', async (to, detail) => {
    const { status, json } = await own('oper', password, to)
    expect([status, json.detail]).toEqual([400, detail])
    expect((await hub.login('oper')).status).toBe(200)
  })
})

describe('a password that somebody else gave', () => {
  it('opens nothing but its own change, not the stream and not the figures', async () => {
    await hub.importRecords([camera(cameraA)])
    await reset('oper', 'read out to me')
    expect((await hub.login('oper', 'read out to me')).json).toMatchObject({ mustChangePassword: true })
    for (const name of ['devices', 'overview', 'exportDevices'] as const) {
      const { status, json } = await hub.ask('oper', name)
      expect([status, json.code]).toEqual([403, 'password.change-first'])
    }
    expect((await hub.openStream('oper')).status).toBe(403)
    expect((await whoami('oper')).status).toBe(200)
    expect((await own('oper', 'read out to me')).json).toMatchObject({ mustChangePassword: false })
    await hub.login('oper', next)
    expect((await hub.ask('oper', 'devices')).status).toBe(200)
  })

  it('is not kept by changing it to itself', async () => {
    await reset('oper')
    await hub.login('oper', next)
    expect((await own('oper', next)).json.detail).toBe('password is …: must differ from the old one')
  })
})

describe('the security administrator', () => {
  it('resets a password: sessions end, the lock is off, the change is due', async () => {
    const stream = await hub.openStream('oper')
    for (let i = 0; i < 5; i++) await hub.login('oper', 'wrong', { 'x-forwarded-for': '10.5.0.1' })
    expect((await rowOf('oper')).lockedUntil).toBe(hub.clock.now() + 15 * 60_000)
    expect((await reset('oper')).json).toMatchObject({ lockedUntil: null, mustChangePassword: true, disabled: false })
    await expect.poll(() => stream.isEnded()).toBe(true)
    expect((await whoami('oper')).status).toBe(401)
    expect((await hub.login('oper', next, { 'x-forwarded-for': '10.5.0.1' })).status).toBe(200)
    expect(await acts('oper')).toContainEqual(['sec', 'user.password', {}])
  })

  it('unlocks an account, and the desk at which its password was mistyped', async () => {
    const desk = { 'x-forwarded-for': '10.5.0.2' }
    for (let i = 0; i < 5; i++) await hub.login('oper', 'wrong', desk)
    expect((await hub.login('oper', password, desk)).status).toBe(429)
    hub.clock.advance(1)
    expect((await hub.ask('sec', 'unlockUser', of('oper'))).json).toMatchObject({ lockedUntil: null })
    expect((await hub.login('oper', password, desk)).status).toBe(200)
    expect(await acts('oper')).toContainEqual(['sec', 'user.unlock', {}])
    hub.clock.advance(1)
    // The count begins anew: five more lock again.
    for (let i = 0; i < 5; i++) await hub.login('oper', 'wrong', desk)
    expect((await hub.login('oper', password, desk)).status).toBe(429)
  })

  it('disables a user at once, and enables again', async () => {
    const stream = await hub.openStream('oper')
    expect((await change('oper', { disabled: true })).json).toMatchObject({ disabled: true })
    await expect.poll(() => stream.isEnded()).toBe(true)
    expect((await whoami('oper')).status).toBe(401)
    const refused = await hub.login('oper')
    expect([refused.status, refused.json.code]).toEqual([403, 'session.disabled'])
    // Who does not know the password is not told that there is such an account.
    expect((await hub.login('oper', 'wrong')).json.code).toBe('session.refused')
    await change('oper', { disabled: false })
    expect((await hub.login('oper')).status).toBe(200)
    expect((await acts('oper')).map(([actor, action]) => `${actor} ${action}`)).toEqual([
      'sec user.disable',
      'oper session.disabled',
      'sec user.enable',
    ])
  })

  it('a disabled user is given no outage', async () => {
    await hub.importRecords([camera(cameraA)])
    await hub.putOutage('1800000000000-a', [cameraA])
    await change('oper-a', { disabled: true })
    const body = { step: 'assign', assignee: 'oper-a' }
    const { json } = await hub.ask('oper', 'stepOutage', { params: { id: '1800000000000-a' }, body })
    expect(json).toMatchObject({ status: 400, field: 'assignee' })
  })

  it('gives another role and other districts, each with its line: what was open ends, what is open then sees those only', async () => {
    const stream = await hub.openStream('oper')
    const { json } = await change('oper', { role: 'commander', districts: ['430405'] })
    expect(json).toMatchObject({ role: 'commander', districts: ['430405'], unit: null })
    await expect.poll(() => stream.isEnded()).toBe(true)
    expect((await whoami('oper')).status).toBe(401)
    expect((await hub.login('oper')).json).toMatchObject({ role: 'commander', districts: ['430405'] })
    expect(await acts('oper')).toEqual([
      ['sec', 'user.role', { from: 'operator', to: 'commander' }],
      ['sec', 'user.districts', { from: 'city', to: ['430405'] }],
    ])
  })

  it('a change that changes nothing ends nothing and is no act', async () => {
    await whoami('oper')
    await change('oper', { role: 'operator', districts: 'city', unit: null, disabled: false })
    expect((await whoami('oper')).status).toBe(200)
    expect(await acts('oper')).toEqual([])
  })

  it('does not administer itself, and the last one stays', async () => {
    for (const body of [{ role: 'sysadmin' }, { disabled: true }, { districts: ['430405'] }]) {
      const { status, json } = await change('sec', body)
      expect([status, json.detail]).toEqual([409, 'the user sec: nobody administers the own account'])
    }
    expect((await reset('sec')).status).toBe(409)
    // `security` is there from the first start. Two who disable one another at the same moment leave one.
    await change('security', { disabled: true })
    const users = createUsers({
      clock: hub.clock,
      record: tablesOf(hub.record),
      passwords: createPasswords(passwordCost),
    })
    for (const last of [{ disabled: true }, { role: 'operator' as const }])
      await expect(users.change('sec', last, 'security')).rejects.toThrow('the last security administrator')
    expect((await whoami('sec')).status).toBe(200)
    expect((await rowOf('sec')).role).toBe('secadmin')
  })

  it('finds no user that there is not', async () => {
    for (const answer of [
      await change('nobody', { disabled: true }),
      await reset('nobody'),
      await hub.ask('sec', 'unlockUser', of('nobody')),
    ])
      expect(answer.json).toMatchObject({ status: 404, code: 'user.unknown' })
  })

  it('and no other role does any of it', async () => {
    for (const user of ['sys', 'audit', 'oper', 'cmdr', 'contr'])
      for (const [name, body] of [
        ['changeUser', { disabled: true }],
        ['resetPassword', { password: next }],
        ['unlockUser', undefined],
      ] as const)
        expect((await hub.ask(user, name, { ...of('contr-b'), body })).status).toBe(403)
  })
})

it('no password is ever seen: not in the log, not in an answer, not in the audit', async () => {
  await own('oper', password, next)
  await reset('cmdr', 'read out to me')
  await own('cmdr', 'read out to me', `${next}!`)
  const audit = JSON.stringify(await hub.record.db.selectFrom('audit').selectAll().execute())
  for (const secret of [password, next, 'read out to me'])
    expect(hub.lines.join('') + hub.answers.join('') + audit).not.toContain(secret)
})
