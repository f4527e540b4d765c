import { createServer } from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import { createMailServer, makeCertificate } from '../testing/mail-server.ts'
import { email, type Mailbox } from './email.ts'
import type { Outgoing } from './outcome.ts'

const login = { user: 'hub', password: 'canary-secret' }
const notification: Outgoing = {
  id: 7,
  createdAt: 1_800_000_000_000,
  kind: 'opening',
  outage: null,
  subject: '故障：交换机 QD-03',
  lines: ['原因：甲', '<b>详情</b>：/outages/1'],
  facts: [],
}
const box = (port: number, over: Partial<Mailbox> = {}): Mailbox => ({
  host: 'localhost',
  port,
  secure: false,
  from: 'hub@example.org',
  to: ['a@example.org', 'b@example.org'],
  ...over,
})
const decoded = (text: string) => {
  const [head = '', ...body] = text.split('\r\n\r\n')
  return { head, body: Buffer.from(body.join(''), /base64/.test(head) ? 'base64' : 'utf8').toString() }
}
const subjectOf = (head: string) =>
  [...head.matchAll(/=\?UTF-8\?B\?([^?]+)\?=/gi)].map(([, part]) => Buffer.from(part!, 'base64').toString()).join('')

let tls: { key: string; cert: string }
beforeAll(() => {
  tls = makeCertificate()
})

describe('mail', () => {
  test('goes as text to everybody, and knows itself again', async () => {
    await using server = await createMailServer()
    expect(await email(box(server.port))(notification)).toEqual({ ok: true })
    const [mail] = server.mails
    expect(mail).toMatchObject({ from: 'hub@example.org', to: ['a@example.org', 'b@example.org'], secure: false })
    const { head, body } = decoded(mail!.text)
    expect(subjectOf(head)).toBe(notification.subject)
    expect(body.trim().split(/\r?\n/)).toEqual(notification.lines)
    expect(head).toContain('Message-ID: <notification-1800000000000-7@example.org>')
    expect(head).toContain('Auto-Submitted: auto-generated')
    expect(head).toMatch(/Content-Type: text\/plain; charset=utf-8/i)
  })

  test('a name with line breaks begins no header', async () => {
    await using server = await createMailServer()
    await email(box(server.port))({ ...notification, subject: 'cam\r\nBcc: evil@example.org\u2028\u202ex' })
    const { head } = decoded(server.mails[0]!.text)
    expect(head).not.toMatch(/^Bcc:/im)
    expect(server.mails[0]!.to).toEqual(['a@example.org', 'b@example.org'])
    expect(head).toMatch(/^Subject: cam Bcc: evil@example\.org x$/m)
  })

  test.each([
    ['by STARTTLS', false],
    ['in TLS from the first byte', true],
  ])('is encrypted and logged in %s', async (_, secure) => {
    await using server = await createMailServer({ tls, secure, login })
    expect(await email(box(server.port, { ...login, secure }), { ca: tls.cert })(notification)).toEqual({ ok: true })
    expect(server.mails[0]).toMatchObject({ secure: true, user: 'hub' })
  })

  test('believes no certificate that nobody vouches for', async () => {
    await using server = await createMailServer({ tls, secure: true, login })
    const outcome = await email(box(server.port, { ...login, secure: true }))(notification)
    expect(outcome).toMatchObject({ ok: false, permanent: false })
    expect(server.mails).toEqual([])
  })

  test('sends no password over an open line', async () => {
    await using server = await createMailServer({ login })
    expect(await email(box(server.port, login))(notification)).toMatchObject({ ok: false })
    expect(server.mails).toEqual([])
  })

  test('a wrong login is for good, and its words are not kept', async () => {
    await using server = await createMailServer({ tls, login: { ...login, password: 'another' } })
    const outcome = await email(box(server.port, login), { ca: tls.cert })(notification)
    expect(outcome).toEqual({ ok: false, problem: 'SMTP 535', permanent: true, retryAfterMs: null })
  })

  test.each([
    [452, false],
    [550, true],
  ])('%i: for good is %s', async (refuse, permanent) => {
    await using server = await createMailServer({ refuse })
    expect(await email(box(server.port))(notification)).toMatchObject({ problem: `SMTP ${refuse}`, permanent })
  })

  describe('of several recipients', () => {
    const three = ['a@example.org', 'b@example.org', 'c@example.org']
    const server = (codes: Record<string, number>) => createMailServer({ refuseRecipient: (address) => codes[address] })
    const to = (port: number) => email(box(port, { to: three }))

    test('one that is refused for now is tried again alone, and who has the mail gets it once', async () => {
      const codes: Record<string, number> = { 'b@example.org': 450 }
      await using smtp = await server(codes)
      const first = await to(smtp.port)(notification)
      const part = { to: ['b@example.org'], refused: [] }
      expect(first).toEqual({
        ok: false,
        problem: 'b@example.org: SMTP 450',
        permanent: false,
        retryAfterMs: null,
        part,
      })
      delete codes['b@example.org']
      expect(await to(smtp.port)({ ...notification, part })).toEqual({ ok: true })
      expect(smtp.mails.map((mail) => mail.to)).toEqual([['a@example.org', 'c@example.org'], ['b@example.org']])
      // The header names all, as in the mail that the others have.
      expect(decoded(smtp.mails[1]!.text).head).toContain('To: a@example.org, b@example.org, c@example.org')
    })

    test('one that is refused for good is named, and the others have it', async () => {
      await using smtp = await server({ 'c@example.org': 550 })
      expect(await to(smtp.port)(notification)).toEqual({ ok: true, refused: ['c@example.org: SMTP 550'] })
      expect(smtp.mails.map((mail) => mail.to)).toEqual([['a@example.org', 'b@example.org']])
    })

    test('one for now and one for good: the second is still named when the first has it at last', async () => {
      const codes: Record<string, number> = { 'b@example.org': 452, 'c@example.org': 553 }
      await using smtp = await server(codes)
      const first = await to(smtp.port)(notification)
      expect(first).toMatchObject({
        ok: false,
        problem: 'c@example.org: SMTP 553; b@example.org: SMTP 452',
        permanent: false,
      })
      const { part } = first as Extract<typeof first, { ok: false }>
      expect(part).toEqual({ to: ['b@example.org'], refused: ['c@example.org: SMTP 553'] })
      delete codes['b@example.org']
      expect(await to(smtp.port)({ ...notification, part: part! })).toEqual({
        ok: true,
        refused: ['c@example.org: SMTP 553'],
      })
    })

    test('all refused: for good only when each is', async () => {
      await using good = await server({ 'a@example.org': 550, 'b@example.org': 551, 'c@example.org': 550 })
      expect(await to(good.port)(notification)).toMatchObject({ ok: false, permanent: true })
      await using now = await server({ 'a@example.org': 550, 'b@example.org': 450, 'c@example.org': 451 })
      expect(await to(now.port)(notification)).toMatchObject({
        ok: false,
        permanent: false,
        part: { to: ['b@example.org', 'c@example.org'], refused: ['a@example.org: SMTP 550'] },
      })
      // The last one is refused for good at the second try: nobody is left, though two have never got it.
      const part = { to: ['a@example.org'], refused: ['b@example.org: SMTP 550', 'c@example.org: SMTP 550'] }
      expect(await to(good.port)({ ...notification, part })).toMatchObject({ ok: false, permanent: true })
    })

    test('a server that speaks RFC 5321 by hand: what it answered each RCPT decides', async () => {
      const heard: string[] = []
      const byHand = createServer((socket) => {
        const say = (text: string) => socket.write(`${text}\r\n`)
        let data = false
        let rest = ''
        say('220 by.hand')
        socket.on('data', (chunk) => {
          rest += chunk.toString()
          for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
            const line = rest.slice(0, end)
            rest = rest.slice(end + 2)
            if (data) {
              if (line !== '.') continue
              data = false
              say('250 2.0.0 queued')
              continue
            }
            heard.push(line.slice(0, 40))
            const verb = line.slice(0, 4).toUpperCase()
            if (verb === 'RCPT')
              say(/<b@/.test(line) ? '450 4.2.0 greylisted' : /<c@/.test(line) ? '550 5.1.1 no such user' : '250 ok')
            else if (verb === 'DATA') {
              data = true
              say('354 go on')
            } else if (verb === 'QUIT') socket.end('221 bye\r\n')
            else say('250 by.hand')
          }
        })
        socket.on('error', () => {})
      })
      await new Promise<void>((resolve) => byHand.listen(0, '127.0.0.1', resolve))
      const { port } = byHand.address() as { port: number }
      expect(await to(port)(notification)).toMatchObject({
        ok: false,
        permanent: false,
        part: { to: ['b@example.org'], refused: ['c@example.org: SMTP 550'] },
      })
      expect(heard.filter((line) => line.startsWith('RCPT'))).toHaveLength(3)
      byHand.close()
    })
  })

  test('waits no longer than it is told for a server that says nothing', async () => {
    const mute = createServer(() => {})
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const { port } = mute.address() as { port: number }
    const outcome = await email(box(port, { host: '127.0.0.1' }), { timeoutMs: 50 })(notification)
    expect(outcome).toMatchObject({
      ok: false,
      permanent: false,
      problem: expect.stringMatching(/^(E[A-Z]+|no answer in time)$/),
    })
    mute.close()
  })
})
