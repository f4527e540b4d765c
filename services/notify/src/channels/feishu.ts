/** A robot of Feishu: 自定义机器人使用指南 (20 KB; 100 messages a minute, 5 a second; fewer at full and half hours) */
import { createHmac } from 'node:crypto'
import { secondMs } from '@hub/core'
import { z } from 'zod'
import { markdownWithin } from '../plain.ts'
import { channelFields, httpUrl, keyword, secret } from './fields.ts'
import type { Send } from './outcome.ts'
import { type PostLimits, post } from './post.ts'
import { byCode, messageBytes, type Passing, type Robot, slowDownMs, withKeyword } from './robot.ts'

export const feishuConfig = z.strictObject({
  kind: z.literal('feishu'),
  ...channelFields,
  url: httpUrl,
  secret: secret.optional(),
  /** Of a robot whose rule is a keyword: put before a subject that lacks it. */
  keyword: keyword.optional(),
})

/** 11232 "frequency limited". */
const passing: Passing = new Map([[11232, slowDownMs]])
/** 9499 is "Bad Request", a body that is wrong for good, as a rule; its gateway says "too many request" by it too. */
const tooMany: Passing = new Map([...passing, [9499, slowDownMs]])

/** The signature goes into the body: base64(HMAC-SHA256(timestamp + "\n" + secret, nothing)); seconds. */
export const feishu =
  ({ url, secret, keyword }: Robot, now: () => number, limits?: PostLimits): Send =>
  (notification) => {
    const subject = withKeyword(notification.subject, keyword)
    const timestamp = Math.floor(now() / secondMs)
    const body = JSON.stringify({
      ...(secret !== undefined && { timestamp: String(timestamp), sign: feishuSign(secret, timestamp) }),
      msg_type: 'interactive',
      card: {
        elements: [{ tag: 'markdown', content: markdownWithin(subject, notification.lines, messageBytes) }],
      },
    })
    return post({ url, body }, now, limits, byCode('code', passing, tooMany))
  }

export const feishuSign = (secret: string, timestamp: number): string =>
  createHmac('sha256', `${timestamp}\n${secret}`).digest('base64')
