/** Robots of group chats. They answer 200 to nearly everything: what counts is the code in the answer. */
import { minuteMs } from '@hub/core'
import { failed, type Outcome, sent } from './outcome.ts'

export type Robot = { url: string; secret?: string | undefined; keyword?: string | undefined }

/** A robot that is set to take only what holds its keyword (自定义关键词) refuses all else for good: the subject, which is never cut off, holds it. */
export const withKeyword = (subject: string, keyword: string | undefined): string =>
  keyword === undefined || subject.includes(keyword) ? subject : `${keyword} ${subject}`

/** A minute: WeCom and Feishu count by it. */
export const slowDownMs = minuteMs
/** Bytes of a message of DingTalk and Feishu. */
export const messageBytes = 18_000

/** What passes by itself: code → how long to wait; null is the usual back-off. */
export type Passing = ReadonlyMap<number, number | null>

/**
 * @param passing codes that pass by themselves; any other than 0 says that the robot will never take it
 * @param tooMany those of an answer that says in words that there were too many
 */
export const byCode =
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
