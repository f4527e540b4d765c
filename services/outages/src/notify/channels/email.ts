/** Mail by SMTP, text only. A password never crosses a line that is not encrypted. */
import { createTransport } from 'nodemailer'
import { plain } from '../plain.ts'
import { failed, keyOf, type Outcome, type Send, sent } from './outcome.ts'
import { postLimits, problemOf } from './post.ts'

export type Mailbox = {
  host: string
  port: number
  /** TLS from the first byte; else STARTTLS, which a login demands. */
  secure: boolean
  user?: string | undefined
  password?: string | undefined
  from: string
  to: readonly string[]
}

/** @param options.ca certificates to believe beside the system's: of tests */
export const email =
  (box: Mailbox, { timeoutMs = postLimits.timeoutMs, ca }: { timeoutMs?: number; ca?: string } = {}): Send =>
  async (notice) => {
    const { host, port, secure, user, password } = box
    const login = user !== undefined && password !== undefined
    const transport = createTransport({
      ...{ host, port, secure, requireTLS: login, connectionTimeout: timeoutMs, greetingTimeout: timeoutMs },
      ...{ socketTimeout: timeoutMs, dnsTimeout: timeoutMs, disableFileAccess: true, disableUrlAccess: true },
      ...(login && { auth: { user, pass: password } }),
      tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    })
    let deadline: NodeJS.Timeout | undefined
    const late = new Promise<Outcome>((resolve) => {
      deadline = setTimeout(() => resolve(failed('no answer in time')), 3 * timeoutMs)
    })
    const key = keyOf(notice)
    const going = transport
      .sendMail({
        ...{ from: box.from, to: [...box.to], subject: plain(notice.subject, 180) },
        textEncoding: 'base64',
        // RFC 3834: no machine shall answer it.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Hub-Notice': key },
        messageId: `<${key}@${box.from.slice(box.from.lastIndexOf('@') + 1)}>`,
        text: `${notice.lines.map((line) => plain(line, 1_000)).join('\n')}\n`,
      })
      .then(() => sent, outcomeOf)
    try {
      return await Promise.race([going, late])
    } finally {
      clearTimeout(deadline)
      transport.close()
    }
  }

/** RFC 5321 4.2.1: 5yz is for good, 4yz for now. The text of the answer is the server's, and may repeat a login. */
function outcomeOf(err: unknown): Outcome {
  const { responseCode } = err as { responseCode?: unknown }
  if (typeof responseCode !== 'number' || responseCode < 400) return failed(problemOf(err))
  return failed(`SMTP ${responseCode}`, responseCode >= 500)
}
