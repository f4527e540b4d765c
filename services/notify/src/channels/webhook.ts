/**
 * A POST of JSON to any receiver. It verifies `X-Hub-Signature: sha256=` + hex(HMAC-SHA256(secret, timestamp + "." + body)), with
 * `X-Hub-Timestamp` in seconds, and drops what it has by `Idempotency-Key`.
 */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { channelFields, httpUrl, secret as secretField } from './fields.ts'
import { keyOf, payloadOf, type Send } from './outcome.ts'
import { type PostLimits, post } from './post.ts'

export const webhookConfig = z.strictObject({
  kind: z.literal('webhook'),
  ...channelFields,
  url: httpUrl,
  secret: secretField,
})

export const webhook =
  ({ url, secret }: { url: string; secret: string }, now: () => number, limits?: PostLimits): Send =>
  (notification) => {
    const at = now()
    const timestamp = String(Math.floor(at / 1_000))
    const body = payloadOf(notification, at)
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
    const headers = {
      'X-Hub-Timestamp': timestamp,
      'X-Hub-Signature': `sha256=${signature}`,
      'Idempotency-Key': keyOf(notification),
    }
    return post({ url, body, headers }, now, limits)
  }
