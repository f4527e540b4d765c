/** A real SMTP server on the loopback, with STARTTLS or TLS and a login when the test asks for it. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'

export type Mail = { from: string; to: string[]; text: string; secure: boolean; user: string | undefined }

/** A certificate for `localhost`, believed by whoever is given it. */
export function makeCertificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'hub-mail-'))
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost',
        '-keyout',
        key,
        '-out',
        cert,
      ],
      { stdio: 'ignore' },
    )
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export async function createMailServer({
  tls,
  secure = false,
  login,
  refuse,
  refuseRecipient,
}: {
  tls?: { key: string; cert: string }
  /** From the first byte. */
  secure?: boolean
  login?: { user: string; password: string }
  /** Answers each mail by this code. */
  refuse?: number
  /** Answers this RCPT by a code; undefined: takes it. */
  refuseRecipient?: (address: string) => number | undefined
} = {}) {
  const mails: Mail[] = []
  const failure = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code })
  const server = new SMTPServer({
    secure,
    ...tls,
    authOptional: !login,
    disableReverseLookup: true,
    closeTimeout: 10,
    hideSTARTTLS: !tls,
    disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
    onAuth({ username, password }, _, done) {
      if (username !== login?.user || password !== login?.password)
        return done(failure(535, `no such login: ${password}`))
      done(null, { user: username })
    },
    onRcptTo({ address }, _, done) {
      const code = refuseRecipient?.(address)
      done(code === undefined ? null : failure(code, `no mailbox of ${address}`))
    },
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        if (refuse !== undefined) return done(failure(refuse, 'not today'))
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(parts).toString(),
          secure: session.secure,
          user: session.user as string | undefined,
        })
        done()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as AddressInfo
  return {
    mails,
    port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
