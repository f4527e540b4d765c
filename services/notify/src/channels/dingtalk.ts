/**
 * A robot of DingTalk: 自定义机器人接入 and 自定义机器人安全设置 (20 messages a minute, beyond it nothing for ten); codes:
 * 自定义机器人发送群消息, 消息机器人错误码
 */
import { createHmac } from 'node:crypto'
import { minuteMs } from '@hub/core'
import { z } from 'zod'
import { markdownText, markdownWithin, plain } from '../plain.ts'
import { channelFields, httpUrl, keyword, secret } from './fields.ts'
import type { Send } from './outcome.ts'
import { type PostLimits, post } from './post.ts'
import { byCode, messageBytes, type Passing, type Robot, withKeyword } from './robot.ts'

export const dingtalkConfig = z.strictObject({
  kind: z.literal('dingtalk'),
  ...channelFields,
  url: httpUrl,
  secret: secret.optional(),
  /** Of a robot whose rule is a keyword: put before a subject that lacks it. */
  keyword: keyword.optional(),
})

/** DingTalk takes nothing for so long from a robot that said too much. */
const penaltyMs = 10 * minuteMs
/** -1 busy; 130101 "send too fast, exceed 20 times per minute"; 410100 发送速度太快而限流: which of the two comes depends on the gateway. */
const passing: Passing = new Map([
  [-1, null],
  [130101, penaltyMs],
  [410100, penaltyMs],
])

/** The signature and its time go into the address: base64(HMAC-SHA256(secret, timestamp + "\n" + secret)), URL-encoded; milliseconds. */
export const dingtalk =
  ({ url, secret, keyword }: Robot, now: () => number, limits?: PostLimits): Send =>
  (notification) => {
    const subject = withKeyword(notification.subject, keyword)
    const body = JSON.stringify({
      msgtype: 'markdown',
      markdown: {
        title: plain(markdownText(subject)),
        text: markdownWithin(subject, notification.lines, messageBytes),
      },
      at: { isAtAll: false },
    })
    return post(
      { url: secret === undefined ? url : dingtalkUrl(url, secret, now()), body },
      now,
      limits,
      byCode('errcode', passing),
    )
  }

export function dingtalkUrl(url: string, secret: string, at: number): string {
  const signed = new URL(url)
  signed.searchParams.set('timestamp', String(at))
  signed.searchParams.set('sign', createHmac('sha256', secret).update(`${at}\n${secret}`).digest('base64'))
  return signed.href
}
