/**
 * Robots of group chats. They answer 200 to nearly everything: what counts is the code in the answer.
 * - WeCom: developer.work.weixin.qq.com/document/path/91770 (markdown, 4,096 bytes of UTF-8; 20 messages a minute)
 * - DingTalk: open.dingtalk.com/document/robots/custom-robot-access and …/customize-robot-security-settings (20 a minute)
 * - Feishu: open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (20 KB; 100 a minute)
 */
import { createHmac } from 'node:crypto'
import { markdownText, markdownWithin, plain } from '../plain.ts'
import { failed, type Outcome, type Outgoing, type Send, sent } from './outcome.ts'
import { type PostLimits, post } from './post.ts'

type Robot = { url: string; secret?: string | undefined }

/** A minute: the robots count by it. */
const slowDownMs = 60_000
const wecomBytes = 4_096
const otherBytes = 18_000

export const wecom =
  ({ url }: Robot, now: () => number, limits?: PostLimits): Send =>
  (notice) => {
    const content = markdownWithin(notice.subject, notice.lines, wecomBytes)
    const body = JSON.stringify({ msgtype: 'markdown', markdown: { content } })
    // -1: busy. 45009, 45033: too many messages.
    return post({ url, body }, now, limits, byCode('errcode', [-1, 45009, 45033]))
  }

/** The signature and its time go into the address: base64(HMAC-SHA256(secret, timestamp + "\n" + secret)), URL-encoded; milliseconds. */
export const dingtalk =
  ({ url, secret }: Robot, now: () => number, limits?: PostLimits): Send =>
  (notice) => {
    const body = JSON.stringify({
      msgtype: 'markdown',
      markdown: { title: plain(markdownText(notice.subject)), text: markdownOf(notice) },
      at: { isAtAll: false },
    })
    // -1: busy. 130101, 410100: too many messages.
    return post(
      { url: secret === undefined ? url : dingtalkUrl(url, secret, now()), body },
      now,
      limits,
      byCode('errcode', [-1, 130101, 410100]),
    )
  }

export function dingtalkUrl(url: string, secret: string, at: number): string {
  const signed = new URL(url)
  signed.searchParams.set('timestamp', String(at))
  signed.searchParams.set('sign', createHmac('sha256', secret).update(`${at}\n${secret}`).digest('base64'))
  return signed.href
}

/** The signature goes into the body: base64(HMAC-SHA256(timestamp + "\n" + secret, nothing)); seconds. */
export const feishu =
  ({ url, secret }: Robot, now: () => number, limits?: PostLimits): Send =>
  (notice) => {
    const timestamp = Math.floor(now() / 1_000)
    const body = JSON.stringify({
      ...(secret !== undefined && { timestamp: String(timestamp), sign: feishuSign(secret, timestamp) }),
      msg_type: 'interactive',
      card: { elements: [{ tag: 'markdown', content: markdownOf(notice) }] },
    })
    // 9499, 11232: too many messages.
    return post({ url, body }, now, limits, byCode('code', [9499, 11232]))
  }

export const feishuSign = (secret: string, timestamp: number): string =>
  createHmac('sha256', `${timestamp}\n${secret}`).digest('base64')

const markdownOf = ({ subject, lines }: Outgoing): string => markdownWithin(subject, lines, otherBytes)

/** @param passing codes that pass by themselves; any other than 0 says that the robot will never take it */
const byCode =
  (name: 'errcode' | 'code', passing: readonly number[]) =>
  (answer: unknown): Outcome => {
    const code = typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined
    if (code === 0) return sent
    if (typeof code !== 'number') return failed('the answer is not that of such a robot')
    return passing.includes(code)
      ? failed(`${name} ${code}`, false, code === -1 ? null : slowDownMs)
      : failed(`${name} ${code}`, true)
  }
