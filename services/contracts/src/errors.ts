/** The one table of error codes: HTTP status, message, what to do. Nobody throws a bare Error across a room's wall. */
import { z } from 'zod'
import { limitInChinese } from './limits.ts'

export const errorTable = {
  'request.invalid': {
    status: 400,
    en: '{field} is {value}: {limit}',
    zh: '{field} 的值 {value} 不合要求：{limit}',
    action: { en: 'Correct the field and send again.', zh: '请更正后重新提交。' },
  },
  'request.not-json': {
    status: 400,
    en: 'the body is not JSON: {limit}',
    zh: '请求体不是 JSON：{limit}',
    action: { en: 'Send application/json.', zh: '请以 application/json 提交。' },
  },
  'request.too-large': {
    status: 413,
    en: 'the body is larger than {limit} bytes',
    zh: '请求体超过 {limit} 字节',
    action: { en: 'Send it in parts.', zh: '请分批提交。' },
  },
  'request.cross-site': {
    status: 403,
    en: 'the request comes from another site',
    zh: '请求来自其他站点',
    action: { en: 'Use the console of this hub.', zh: '请使用本平台的控制台。' },
  },
  'route.unknown': {
    status: 404,
    en: 'there is no route {value}',
    zh: '没有接口 {value}',
    action: { en: 'See /api/v1/openapi.json.', zh: '请参见 /api/v1/openapi.json。' },
  },
  'session.required': {
    status: 401,
    en: 'log in first',
    zh: '请先登录',
    action: { en: 'POST /api/v1/session.', zh: '请登录后再试。' },
  },
  'session.refused': {
    status: 401,
    en: 'user or password is wrong',
    zh: '用户名或密码错误',
    action: { en: 'Try again, or ask the security administrator.', zh: '请重试，或联系安全管理员。' },
  },
  'session.locked': {
    status: 429,
    en: 'too many tries: locked until {limit}',
    zh: '尝试次数过多，锁定至 {limit}',
    action: { en: 'Wait, or ask the security administrator.', zh: '请稍后再试，或联系安全管理员。' },
  },
  'permission.denied': {
    status: 403,
    en: 'the role {value} may not {limit}',
    zh: '角色 {value} 无权执行 {limit}',
    action: { en: 'Ask the security administrator.', zh: '请联系安全管理员授权。' },
  },
  'device.unknown': {
    status: 404,
    en: 'there is no device {value}',
    zh: '没有设备 {value}',
    action: { en: 'Check the code and your districts.', zh: '请检查编码及所辖区县。' },
  },
  'gateway.unknown': {
    status: 404,
    en: 'there is no gateway {value}',
    zh: '没有网关 {value}',
    action: { en: 'Check the code.', zh: '请检查编码。' },
  },
  'discovered.unknown': {
    status: 404,
    en: 'there is no discovered device {value}',
    zh: '没有已发现的设备 {value}',
    action: { en: 'List /api/v1/discovered.', zh: '请查看待审批列表。' },
  },
  'discovered.suspicious': {
    status: 409,
    en: '{field} is quarantined as {value}: confirm it by name',
    zh: '{field} 因 {value} 被隔离，须逐台确认',
    action: { en: 'Approve it singly, with confirm set to the reason.', zh: '请逐台审批，并在 confirm 中写明原因。' },
  },
  'stage.illegal': {
    status: 409,
    en: '{field} cannot go from {value}: legal is {limit}',
    zh: '{field} 不能从 {value} 变更：可选 {limit}',
    action: { en: 'Choose a legal stage.', zh: '请选择允许的阶段。' },
  },
  'import.row': {
    status: 400,
    en: 'row {row}: {field} is {value}: {limit}',
    zh: '第 {row} 行：{field} 的值 {value} 不合要求：{limit}',
    action: {
      en: 'Correct the row and import again; the other rows are in.',
      zh: '请更正该行后重新导入；其余行已导入。',
    },
  },
  'import.header': {
    status: 400,
    en: 'the header has {value}: {limit}',
    zh: '表头有 {value}：{limit}',
    action: { en: 'Use the header of the export.', zh: '请使用导出文件的表头。' },
  },
  'adjustment.unknown': {
    status: 404,
    en: 'there is no exemption or correction {value}',
    zh: '没有豁免或更正 {value}',
    action: { en: 'Check the id and your districts.', zh: '请检查编号及所辖区县。' },
  },
  'adjustment.decided': {
    status: 409,
    en: '{field} is {value}: legal is {limit}',
    zh: '{field} 当前为 {value}：可选 {limit}',
    action: { en: 'Read it again.', zh: '请刷新后再试。' },
  },
  'approval.own': {
    status: 403,
    en: '{value} entered it and may not {limit} it',
    zh: '{value} 是提交人，不能自行{limit}',
    action: { en: 'Ask a second person.', zh: '请由另一人办理。' },
  },
  'scorecard.unknown': {
    status: 404,
    en: 'there is no scorecard {value}',
    zh: '没有考核表 {value}',
    action: { en: 'Check the id and your districts.', zh: '请检查编号及所辖区县。' },
  },
  'scorecard.step': {
    status: 409,
    en: 'a {value} scorecard cannot go on like this: {limit}',
    zh: '{value} 状态的考核表不能这样办理：{limit}',
    action: { en: 'Read it again.', zh: '请刷新后再试。' },
  },
  'export.unknown': {
    status: 404,
    en: 'there is no export {value}',
    zh: '没有导出任务 {value}',
    action: { en: 'List /api/v1/exports.', zh: '请查看导出列表。' },
  },
  'export.not-ready': {
    status: 409,
    en: 'the export is {value}',
    zh: '导出任务当前为 {value}',
    action: { en: 'Wait until it is done, or ask for it again.', zh: '请等待完成，或重新导出。' },
  },
  'calendar.unknown': {
    status: 409,
    en: 'the working days of {value} are not known: {limit}',
    zh: '{value} 的工作日历未知：{limit}',
    action: { en: 'Supply the calendar of that year.', zh: '请提供该年度的工作日历。' },
  },
  'outage.unknown': {
    status: 404,
    en: 'there is no outage {value}',
    zh: '没有故障 {value}',
    action: { en: 'Check the id and your districts.', zh: '请检查编号及所辖区县。' },
  },
  'outage.step': {
    status: 409,
    en: 'an outage that is {value} cannot be given {field}: legal is {limit}',
    zh: '{value} 状态的故障不能执行 {field}：可选 {limit}',
    action: { en: 'Read it again.', zh: '请刷新后再试。' },
  },
  'outage.reopen-late': {
    status: 409,
    en: 'the outage {value} could be reopened until {limit}',
    zh: '故障 {value} 的重新打开期限为 {limit}，现已过期',
    action: { en: 'If it fails again, it is a new outage.', zh: '如再次发生，将作为新的故障记录。' },
  },
  'work-order.unknown': {
    status: 404,
    en: 'there is no work order {value}',
    zh: '没有工单 {value}',
    action: { en: 'Check the id and your districts.', zh: '请检查编号及所辖区县。' },
  },
  'work-order.unit': {
    status: 403,
    en: 'the user {value} is in no unit: a work order is stepped by the unit that it goes to',
    zh: '用户 {value} 没有所属单位：工单由其责任单位办理',
    action: { en: 'Ask the security administrator to set the unit.', zh: '请联系安全管理员设置所属单位。' },
  },
  'user.unknown': {
    status: 404,
    en: 'there is no user {value}',
    zh: '没有用户 {value}',
    action: { en: 'Check the name.', zh: '请检查用户名。' },
  },
  'work-order.step': {
    status: 409,
    en: 'a work order that is {value} cannot be given {field}: {limit}',
    zh: '{value} 状态的工单不能执行 {field}：{limit}',
    action: { en: 'Read it again.', zh: '请刷新后再试。' },
  },
  'channel.unknown': {
    status: 404,
    en: 'there is no notification channel {value}',
    zh: '没有通知渠道 {value}',
    action: { en: 'See the configuration.', zh: '请查看配置。' },
  },
  'topology.row': {
    status: 400,
    en: 'row {row}: {field} is {value}: {limit}',
    zh: '第 {row} 行：{field} 的值 {value} 不合要求：{limit}',
    action: {
      en: 'Correct the row and import again; the other rows are in.',
      zh: '请更正该行后重新导入；其余行已导入。',
    },
  },
  'command.expired': {
    status: 504,
    en: 'the gateway {value} did not answer before {limit}',
    zh: '网关 {value} 未在 {limit} 前应答',
    action: { en: 'See whether the gateway is online.', zh: '请检查网关是否在线。' },
  },
  'command.failed': {
    status: 502,
    en: 'the command {field} failed: {limit}',
    zh: '命令 {field} 失败：{limit}',
    action: { en: 'See the reason in the message.', zh: '请查看原因。' },
  },
  'batch.invalid': {
    status: 400,
    en: 'batch of {value}: {field}: {limit}',
    zh: '网关 {value} 的批次：{field}：{limit}',
    action: { en: 'It is kept as a dead letter.', zh: '已转入死信。' },
  },
  'payload.invalid': {
    status: 400,
    en: '{value}: {field}: {limit}',
    zh: '{value}：{field}：{limit}',
    action: { en: 'Send what the schema says.', zh: '请按规范发送。' },
  },
  'config.invalid': {
    status: 500,
    en: '{field} is {value}: {limit}',
    zh: '配置 {field} 的值 {value} 不合要求：{limit}',
    action: { en: 'Correct the file and start again.', zh: '请更正配置文件后重新启动。' },
  },
  'config.unreadable': {
    status: 500,
    en: 'cannot read {value}: {limit}',
    zh: '无法读取 {value}：{limit}',
    action: { en: 'Give the path of a YAML file.', zh: '请给出 YAML 文件路径。' },
  },
  'spool.full': {
    status: 507,
    en: 'the spool of gateway {value} cannot store: {limit}',
    zh: '网关 {value} 的本地缓存无法写入：{limit}',
    action: { en: 'Free disk space on the gateway; it goes on by itself.', zh: '请清理网关磁盘空间，无需重启。' },
  },
  'record.newer': {
    status: 500,
    en: 'the record has schema {value}: this program knows {limit}',
    zh: '档案库结构版本为 {value}：本程序仅支持 {limit}',
    action: { en: 'Start the newer program, or restore a backup.', zh: '请使用较新版本的程序，或恢复备份。' },
  },
  'history.unavailable': {
    status: 503,
    en: 'the history store does not answer: {limit}',
    zh: '历史库无应答：{limit}',
    action: { en: 'Figures of the record still hold; see /readyz.', zh: '档案数据仍然有效；请查看 /readyz。' },
  },
  'history.refused': {
    status: 500,
    en: 'the history store refuses what is written: {limit}',
    zh: '历史库拒绝写入：{limit}',
    action: { en: 'See the log for the point that is refused.', zh: '请在日志中查看被拒绝的数据点。' },
  },
  'history.stale': {
    status: 503,
    en: 'the history store lacks {value} values, the oldest since {limit}',
    zh: '历史库滞后：{value} 条待写入，最早 {limit}',
    action: {
      en: 'They wait in the journal and are written again by themselves; look after the store.',
      zh: '数据保存在日志中并会自动重写；请检查历史库。',
    },
  },
  internal: {
    status: 500,
    en: 'something failed inside (reference {value})',
    zh: '内部错误（编号 {value}）',
    action: { en: 'Tell operations the reference.', zh: '请将编号告知运维。' },
  },
} as const satisfies Record<string, { status: number; en: string; zh: string; action: { en: string; zh: string } }>

export type ErrorCode = keyof typeof errorTable
/** Names the field, the value and the limit. `field` and `value` are cut to 80 characters before they are shown. */
export type ErrorParams = { field?: string; value?: unknown; limit?: string | number; row?: number }

export function errorMessage(code: ErrorCode, params: ErrorParams, language: 'en' | 'zh' = 'en'): string {
  return errorTable[code][language].replace(/\{(\w+)\}/g, (_, key: keyof ErrorParams) => {
    const text = show(key, params[key])
    return key === 'limit' && language === 'zh' ? limitInChinese(text) : text
  })
}

function show(key: string, value: unknown): string {
  const text = key === 'value' && typeof value !== 'string' ? (JSON.stringify(value) ?? 'missing') : String(value)
  const most = key === 'limit' ? 320 : 80
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

/** An error that may cross a room's wall. */
export class HubError extends Error {
  readonly code: ErrorCode
  readonly params: ErrorParams
  constructor(code: ErrorCode, params: ErrorParams = {}, options?: ErrorOptions) {
    super(errorMessage(code, params), options)
    this.name = 'HubError'
    this.code = code
    this.params = params
  }
}

/** RFC 9457 problem details, as every route answers an error. */
export const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  action: z.string(),
  field: z.string().optional(),
  row: z.int().optional(),
})
export type Problem = z.infer<typeof Problem>

/** Parse outside input. The first issue becomes an error that names field, value and limit; `issues` words the limit. */
export function parseOr<T>(
  schema: z.ZodType<T>,
  input: unknown,
  code: ErrorCode,
  params: ErrorParams = {},
  issues?: z.core.$ZodErrorMap,
): T {
  const result = schema.safeParse(input, issues && { error: issues })
  if (result.success) return result.data
  throw new HubError(code, { ...firstIssue(result.error, input), ...params })
}

/** Field path, the value found there, and what the schema wants. */
export function firstIssue(error: z.ZodError, input: unknown): { field: string; value: unknown; limit: string } {
  const issue = error.issues[0]!
  if (issue.code === 'unrecognized_keys')
    return { field: [...issue.path, issue.keys[0]].join('.'), value: 'present', limit: 'unknown key' }
  let value: unknown = input
  for (const key of issue.path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key]
  return { field: issue.path.join('.') || 'body', value, limit: issue.message }
}
