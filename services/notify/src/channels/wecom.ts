/**
 * A robot of WeCom: 群机器人配置说明, path/91770 (markdown, 4,096 bytes of UTF-8; 20 messages a minute); codes: 全局错误码
 */
import { z } from 'zod'
import { markdownWithin } from '../plain.ts'
import { channelFields, httpUrl } from './fields.ts'
import type { Send } from './outcome.ts'
import { type PostLimits, post } from './post.ts'
import { byCode, type Passing, type Robot, slowDownMs } from './robot.ts'

export const wecomConfig = z.strictObject({ kind: z.literal('wecom'), ...channelFields, url: httpUrl })

const wecomBytes = 4_096

/** -1 busy; 45009 接口调用超过限制; 45033 接口并发调用超过限制. */
const passing: Passing = new Map([
  [-1, null],
  [45009, slowDownMs],
  [45033, slowDownMs],
])

export const wecom =
  ({ url }: Robot, now: () => number, limits?: PostLimits): Send =>
  (notification) => {
    const content = markdownWithin(notification.subject, notification.lines, wecomBytes)
    const body = JSON.stringify({ msgtype: 'markdown', markdown: { content } })
    return post({ url, body }, now, limits, byCode('errcode', passing))
  }
