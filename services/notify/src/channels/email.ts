/** Mail by SMTP, text only. A password never crosses a line that is not encrypted. */
import { createTransport } from 'nodemailer'
import { z } from 'zod'
import { plain } from '../plain.ts'
import { channelFields, secret } from './fields.ts'
import { failed, keyOf, type Outcome, type Send, sent } from './outcome.ts'
import { postLimits, problemOf } from './post.ts'

export const emailConfig = z.strictObject({
  kind: z.literal('email'),
  ...channelFields,
  host: z.string().min(1).max(255),
  port: z.int().min(0).max(65_535),
  /** TLS from the first byte; else STARTTLS, which a login demands. */
  secure: z.boolean().default(false),
  user: z.string().max(256).optional(),
  password: secret.optional(),
  from: z.email(),
  to: z.array(z.email()).min(1).max(100),
})

export type Mailbox = Pick<
  z.output<typeof emailConfig>,
  'host' | 'port' | 'secure' | 'user' | 'password' | 'from' | 'to'
>

/** @param options.ca certificates to believe beside the system's: of tests */
export const email =
  (box: Mailbox, { timeoutMs = postLimits.timeoutMs, ca }: { timeoutMs?: number; ca?: string } = {}): Send =>
  async (notification) => {
    const { host, port, secure, user, password } = box
    const login = user !== undefined && password !== undefined
    const transport = createTransport({
      host,
      port,
      secure,
      requireTLS: login,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(login && { auth: { user, pass: password } }),
      tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    })
    let deadline: NodeJS.Timeout | undefined
    const late = new Promise<Outcome>((resolve) => {
      deadline = setTimeout(() => resolve(failed('no answer in time')), 3 * timeoutMs)
    })
    const key = keyOf(notification)
    const { to = box.to, refused = [] } = notification.part ?? {}
    const going = transport
      .sendMail({
        from: box.from,
        to: [...box.to],
        // Who has it already is not asked again.
        envelope: { from: box.from, to: [...to] },
        subject: plain(notification.subject, 180),
        textEncoding: 'base64',
        // RFC 3834: no machine shall answer it.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Hub-Notification': key },
        messageId: `<${key}@${box.from.slice(box.from.lastIndexOf('@') + 1)}>`,
        text: `${notification.lines.map((line) => plain(line, 1_000)).join('\n')}\n`,
      })
      .then(
        ({ rejectedErrors = [] }) => afterRecipients(rejectedErrors, refused, box.to.length),
        (err: unknown) => outcomeOf(err, refused, box.to.length),
      )
    try {
      return await Promise.race([going, late])
    } finally {
      clearTimeout(deadline)
      transport.close()
    }
  }

/** The answer to one RCPT (RFC 5321 4.1.1.3). */
type Rejection = { recipient?: string | undefined; responseCode?: number | undefined }

/**
 * Each recipient is answered for itself (RFC 5321 3.3): one that is refused for now (4yz) is tried again alone, one that is refused for good
 * (5yz) is named, and everybody else has the mail.
 */
function afterRecipients(rejected: readonly Rejection[], before: readonly string[], all: number): Outcome {
  const named = ({ recipient, responseCode }: Rejection) => `${recipient}: SMTP ${responseCode}`
  const forGood = ({ responseCode = 0 }: Rejection) => responseCode >= 500
  const refused = [...before, ...rejected.filter(forGood).map(named)]
  const later = rejected.filter((one) => !forGood(one))
  const problem = [...refused, ...later.map(named)].join('; ')
  if (later.length > 0)
    return failed(problem, false, null, { to: later.flatMap(({ recipient }) => recipient ?? []), refused })
  if (refused.length === all) return failed(problem, true)
  return refused.length > 0 ? { ok: true, refused } : sent
}

/** RFC 5321 4.2.1: 5yz is for good, 4yz for now. The text of the answer is the server's, and may repeat a login. */
function outcomeOf(err: unknown, before: readonly string[], all: number): Outcome {
  const { responseCode, rejectedErrors = [] } = err as { responseCode?: unknown; rejectedErrors?: Rejection[] }
  if (rejectedErrors.length > 0) return afterRecipients(rejectedErrors, before, all)
  if (typeof responseCode !== 'number' || responseCode < 400) return failed(problemOf(err))
  return failed(`SMTP ${responseCode}`, responseCode >= 500)
}
