import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errorMessage, HubError } from './hub-error.ts'
import { limitTable, limitText } from './limits.ts'
import { parseOr } from './parse.ts'
import { type ErrorCode, errorTable } from './table.ts'

const codes = Object.keys(errorTable) as ErrorCode[]
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)(?::[\w-]+)?\}/g)].map((m) => m[1]).sort()

describe('the table of errors', () => {
  it.each(codes)('%s says the same in both languages, and what to do', (code) => {
    const { en, zh, status, action } = errorTable[code]
    expect(placeholders(zh)).toEqual(placeholders(en))
    expect(placeholders(en).every((name) => ['field', 'value', 'limit', 'row'].includes(name!))).toBe(true)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(action.zh).toMatch(/\p{Script=Han}/u)
    expect(action.en).toMatch(/^[A-Z].*\.$/)
  })

  it('a message names the field, the value and the limit', () => {
    const params = { field: 'every', value: 5, limit: 'too small' }
    expect(errorMessage('request.invalid', params)).toBe('every is 5: too small')
    expect(errorMessage('request.invalid', params, 'zh')).toBe('every 的值 5 不合要求：too small')
  })

  it('a limit of the table is said in the language of the message, with its figures; any other as it is', () => {
    const said = (limit: string | number) =>
      (['en', 'zh'] as const).map((language) =>
        errorMessage('request.invalid', { field: 'x', value: 1, limit }, language),
      )
    expect(said(limitText('twenty-digits'))).toEqual(['x is 1: must be 20 digits', 'x 的值 1 不合要求：须为 20 位数字'])
    expect(said(limitText('in-row-already', { row: 7 }))).toEqual([
      'x is 1: is in row 7 already',
      'x 的值 1 不合要求：已在第 7 行出现',
    ])
    expect(said(limitText('may-become', { from: 'in-service', to: 'retired' }))[1]).toBe(
      'x 的值 1 不合要求：in-service 只可变更为 retired',
    )
    for (const other of ['no such preset', 'limit:no-such-limit', 7])
      expect(said(other)).toEqual([`x is 1: ${other}`, `x 的值 1 不合要求：${other}`])
  })

  it('a step, a status, a role and a time are said in the language of the message, also within a limit', () => {
    const step = { field: 'done', value: 'received', limit: limitText('up-more-minutes', { minutes: 7 }) }
    expect(errorMessage('work-order.step', step, 'zh')).toBe('维修中的工单不能报告修复完成：还需连续在线 7 分钟')
    expect(errorMessage('work-order.step', step)).toBe(
      'a work order that is in repair cannot take the step "report repaired": its devices must stay up for 7 min more',
    )
    const legal = { field: 'verify', value: 'issued', limit: limitText('legal-is', { legal: 'receive, comment' }) }
    expect(errorMessage('work-order.step', legal, 'zh')).toBe('待接收的工单不能核验通过：现在可以接收、批注')
    expect(errorMessage('outage.step', { field: 'close', value: 'open', limit: 'start, silence' }, 'zh')).toBe(
      '待处理的故障不能关闭：现在可以开始处理、静默',
    )
    expect(errorMessage('permission.denied', { value: 'contractor', limit: 'outages' }, 'zh')).toBe(
      '角色“施工单位”无权处置故障',
    )
    const late = { value: 'o-1', limit: '2026-11-22T00:50:00.000Z' }
    expect(errorMessage('outage.reopen-late', late, 'zh')).toContain('2026-11-22 08:50')
    expect(errorMessage('outage.reopen-late', late)).toContain('2026-11-22 08:50 (UTC+8)')
  })

  it.each(Object.entries(limitTable))('the limit %s has the same holes in both languages', (_, { en, zh }) => {
    expect(placeholders(zh)).toEqual(placeholders(en))
    expect(zh).toMatch(/\p{Script=Han}/u)
  })

  it('a schema gives a limit of the table as its message', () => {
    const schema = z.strictObject({ id: z.string().regex(/^\d$/, limitText('twenty-digits')) })
    const refusal = (input: unknown) => {
      try {
        return parseOr(schema, input, 'request.invalid')
      } catch (error) {
        return errorMessage('request.invalid', (error as HubError).params, 'zh')
      }
    }
    expect(refusal({ id: 'x' })).toBe('id 的值 x 不合要求：须为 20 位数字')
    expect(refusal({ id: '1', more: 1 })).toBe('more 的值 present 不合要求：未知字段')
  })

  it('a long value is cut to 80 characters', () => {
    expect(errorMessage('device.unknown', { value: '9'.repeat(500) })).toBe(`there is no device ${'9'.repeat(79)}…`)
  })

  it('parseOr names what is missing, what is unknown and what is nested', () => {
    const schema = z.strictObject({ a: z.strictObject({ b: z.int() }) })
    const message = (input: unknown) => {
      try {
        parseOr(schema, input, 'request.invalid')
      } catch (error) {
        expect(error).toBeInstanceOf(HubError)
        return (error as HubError).message
      }
      throw new Error('must be refused')
    }
    expect(message({})).toBe('a is missing: Invalid input: expected object, received undefined')
    expect(message({ a: { b: 1.5 } })).toBe('a.b is 1.5: Invalid input: expected int, received number')
    expect(message({ a: { b: 1 }, c: 1 })).toBe('c is present: unknown key')
    expect(message(7)).toBe('body is 7: Invalid input: expected object, received number')
  })
})
