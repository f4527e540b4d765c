/**
 * Robots of group chats. They answer 200 to nearly everything: what counts is the code in the answer.
 * - WeCom: 群机器人配置说明, path/91770 (markdown, 4,096 bytes of UTF-8; 20 messages a minute); codes: 全局错误码
 * - DingTalk: 自定义机器人接入 and 自定义机器人安全设置 (20 a minute, beyond it nothing for ten); codes: 自定义机器人发送群消息, 消息机器人错误码
 * - Feishu: 自定义机器人使用指南 (20 KB; 100 a minute, 5 a second; fewer at full and half hours)
 */
import { createHmac } from 'node:crypto'
import { markdownText, markdownWithin, plain } from '../plain.ts'
import { failed, type Outcome, type Outgoing, type Send, sent } from './outcome.ts'
import { type PostLimits, post } from './post.ts'

type Robot = { url: string; secret?: string | undefined }

/** A minute: WeCom and Feishu count by it. */
const slowDownMs = 60_000
/** DingTalk takes nothing for so long from a robot that said too much. */
const penaltyMs = 600_000
const wecomBytes = 4_096
const otherBytes = 18_000

export const wecom =
  ({ url }: Robot, now: () => number, limits?: PostLimits): Send =>
  (notice) => {
    const content = markdownWithin(notice.subject, notice.lines, wecomBytes)
    const body = JSON.stringify({ msgtype: 'markdown', markdown: { content } })
    return post({ url, body }, now, limits, byCode('errcode', wecomPassing))
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
    return post(
      { url: secret === undefined ? url : dingtalkUrl(url, secret, now()), body },
      now,
      limits,
      byCode('errcode', dingtalkPassing),
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
    return post({ url, body }, now, limits, byCode('code', feishuPassing, feishuTooMany))
  }

export const feishuSign = (secret: string, timestamp: number): string =>
  createHmac('sha256', `${timestamp}\n${secret}`).digest('base64')

const markdownOf = ({ subject, lines }: Outgoing): string => markdownWithin(subject, lines, otherBytes)

/** What passes by itself: code → how long to wait; null is the usual back-off. */
type Passing = ReadonlyMap<number, number | null>

/** -1 busy; 45009 接口调用超过限制; 45033 接口并发调用超过限制. */
const wecomPassing: Passing = new Map([
  [-1, null],
  [45009, slowDownMs],
  [45033, slowDownMs],
])
/** -1 busy; 130101 "send too fast, exceed 20 times per minute"; 410100 发送速度太快而限流: which of the two comes depends on the gateway. */
const dingtalkPassing: Passing = new Map([
  [-1, null],
  [130101, penaltyMs],
  [410100, penaltyMs],
])
/** 11232 "frequency limited". */
const feishuPassing: Passing = new Map([[11232, slowDownMs]])
/** 9499 is "Bad Request", a body that is wrong for good, as a rule; its gateway says "too many request" by it too. */
const feishuTooMany: Passing = new Map([...feishuPassing, [9499, slowDownMs]])

/**
 * @param passing codes that pass by themselves; any other than 0 says that the robot will never take it
 * @param tooMany those of an answer that says in words that there were too many
 */
const byCode =
  (name: 'errcode' | 'code', passing: Passing, tooMany: Passing = passing) =>
  (answer: unknown): Outcome => {
    const code = fieldOf(answer, name)
    if (code === 0) return sent
    if (typeof code !== 'number') return failed('the answer is not that of such a robot')
    const isTooMany = /too many request|frequency limit/i.test(String(fieldOf(answer, 'msg')))
    const waitMs = (isTooMany ? tooMany : passing).get(code)
    return failed(`${name} ${code}`, waitMs === undefined, waitMs ?? null)
  }

const fieldOf = (answer: unknown, name: string): unknown =>
  typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined
