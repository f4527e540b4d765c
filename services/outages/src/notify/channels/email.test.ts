import { createServer } from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import { createMailServer, makeCertificate } from '../../testing/mail-server.ts'
import { email, type Mailbox } from './email.ts'
import type { Outgoing } from './outcome.ts'

const login = { user: 'hub', password: 'canary-secret' }
const notice: Outgoing = {
  ...{ id: 7, createdAt: 1_800_000_000_000, kind: 'opening', outage: null, subject: '故障：交换机 QD-03' },
  ...{ lines: ['原因：甲', '<b>详情</b>：/outages/1'], facts: [] },
}
const box = (port: number, over: Partial<Mailbox> = {}): Mailbox => ({
  ...{
    host: 'localhost',
    port,
    secure: false,
    from: 'hub@example.org',
    to: ['a@example.org', 'b@example.org'],
    ...over,
  },
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
    expect(await email(box(server.port))(notice)).toEqual({ ok: true })
    const [mail] = server.mails
    expect(mail).toMatchObject({ from: 'hub@example.org', to: ['a@example.org', 'b@example.org'], secure: false })
    const { head, body } = decoded(mail!.text)
    expect(subjectOf(head)).toBe(notice.subject)
    expect(body.trim().split(/\r?\n/)).toEqual(notice.lines)
    expect(head).toContain('Message-ID: <notice-1800000000000-7@example.org>')
    expect(head).toContain('Auto-Submitted: auto-generated')
    expect(head).toMatch(/Content-Type: text\/plain; charset=utf-8/i)
  })

  test('a name with line breaks begins no header', async () => {
    await using server = await createMailServer()
    await email(box(server.port))({ ...notice, subject: 'cam\r\nBcc: evil@example.org\u2028\u202ex' })
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
    expect(await email(box(server.port, { ...login, secure }), { ca: tls.cert })(notice)).toEqual({ ok: true })
    expect(server.mails[0]).toMatchObject({ secure: true, user: 'hub' })
  })

  test('believes no certificate that nobody vouches for', async () => {
    await using server = await createMailServer({ tls, secure: true, login })
    const outcome = await email(box(server.port, { ...login, secure: true }))(notice)
    expect(outcome).toMatchObject({ ok: false, permanent: false })
    expect(server.mails).toEqual([])
  })

  test('sends no password over an open line', async () => {
    await using server = await createMailServer({ login })
    expect(await email(box(server.port, login))(notice)).toMatchObject({ ok: false })
    expect(server.mails).toEqual([])
  })

  test('a wrong login is for good, and its words are not kept', async () => {
    await using server = await createMailServer({ tls, login: { ...login, password: 'another' } })
    const outcome = await email(box(server.port, login), { ca: tls.cert })(notice)
    expect(outcome).toEqual({ ok: false, problem: 'SMTP 535', permanent: true, retryAfterMs: null })
  })

  test.each([
    [452, false],
    [550, true],
  ])('%i: for good is %s', async (refuse, permanent) => {
    await using server = await createMailServer({ refuse })
    expect(await email(box(server.port))(notice)).toMatchObject({ problem: `SMTP ${refuse}`, permanent })
  })

  test('waits no longer than it is told for a server that says nothing', async () => {
    const mute = createServer(() => {})
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const { port } = mute.address() as { port: number }
    const outcome = await email(box(port, { host: '127.0.0.1' }), { timeoutMs: 50 })(notice)
    expect(outcome).toMatchObject({
      ok: false,
      permanent: false,
      problem: expect.stringMatching(/^(E[A-Z]+|no answer in time)$/),
    })
    mute.close()
  })
})
