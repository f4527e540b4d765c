/**
 * Words of the field that errors say in the reader's language: a status, a step, a role. A message names the vocabulary in its hole
 * (`{value:order-status}`), so that nobody reads `received` or `done` in the middle of a Chinese sentence.
 */
type Words = { readonly [word: string]: { readonly en: string; readonly zh: string } }

export const wordTable = {
  'order-status': {
    issued: { en: 'issued', zh: '待接收' },
    received: { en: 'in repair', zh: '维修中' },
    disputed: { en: 'disputed', zh: '有异议' },
    done: { en: 'to be verified', zh: '待核验' },
    verified: { en: 'to be closed', zh: '待关闭' },
    returned: { en: 'returned', zh: '已退回' },
    closed: { en: 'closed', zh: '已关闭' },
    cancelled: { en: 'cancelled', zh: '已撤销' },
  },
  'order-step': {
    receive: { en: 'receive', zh: '接收' },
    dispute: { en: 'dispute', zh: '提出异议' },
    uphold: { en: 'uphold', zh: '维持派发' },
    cancel: { en: 'cancel', zh: '撤销' },
    done: { en: 'report repaired', zh: '报告修复完成' },
    verify: { en: 'verify', zh: '核验通过' },
    return: { en: 'return', zh: '退回返工' },
    close: { en: 'close', zh: '关闭' },
    comment: { en: 'comment', zh: '批注' },
  },
  'outage-status': {
    open: { en: 'open', zh: '待处理' },
    acknowledged: { en: 'acknowledged', zh: '已确认' },
    'in-progress': { en: 'in progress', zh: '处理中' },
    resolved: { en: 'resolved', zh: '已恢复' },
    closed: { en: 'closed', zh: '已关闭' },
  },
  'outage-step': {
    acknowledge: { en: 'acknowledge', zh: '确认' },
    start: { en: 'start', zh: '开始处理' },
    resolve: { en: 'resolve', zh: '标为已恢复' },
    close: { en: 'close', zh: '关闭' },
    reopen: { en: 'reopen', zh: '重新打开' },
    assign: { en: 'assign', zh: '分派' },
    comment: { en: 'comment', zh: '批注' },
    silence: { en: 'silence', zh: '静默' },
    none: { en: 'nothing', zh: '无' },
  },
  'incident-step': {
    receive: { en: 'take in', zh: '接报' },
    verify: { en: 'verify', zh: '核实' },
    grade: { en: 'grade', zh: '定级' },
    dispatch: { en: 'dispatch units', zh: '派出' },
    sign: { en: 'sign', zh: '签收' },
    depart: { en: 'depart', zh: '出发' },
    arrive: { en: 'arrive', zh: '到场' },
    handle: { en: 'handle', zh: '处置' },
    end: { en: 'end', zh: '结束' },
    review: { en: 'review', zh: '评估' },
    archive: { en: 'archive', zh: '归档' },
    report: { en: 'report upwards', zh: '上报' },
    escalate: { en: 'escalate', zh: '升级' },
    dismiss: { en: 'dismiss', zh: '排除' },
    merge: { en: 'merge', zh: '合并' },
    reopen: { en: 'reopen', zh: '重新打开' },
    'hand-over': { en: 'hand over', zh: '移交' },
    'child-of': { en: 'put under another', zh: '设为子事件' },
    note: { en: 'note', zh: '记录' },
    detail: { en: 'change particulars', zh: '修改信息' },
    'choose-cameras': { en: 'choose cameras', zh: '选择摄像机' },
    'drop-camera': { en: 'drop a camera', zh: '移除摄像机' },
    'work-order': { en: 'issue a work order', zh: '派发工单' },
    'start-plan': { en: 'start a plan', zh: '启动预案' },
    tick: { en: 'tick', zh: '完成预案步骤' },
    skip: { en: 'skip', zh: '跳过预案步骤' },
    assign: { en: 'assign', zh: '指派' },
    'add-step': { en: 'add a step', zh: '增加预案步骤' },
    acknowledge: { en: 'acknowledge', zh: '确认' },
  },
  role: {
    sysadmin: { en: 'system administrator', zh: '系统管理员' },
    secadmin: { en: 'security administrator', zh: '安全管理员' },
    auditor: { en: 'auditor', zh: '审计员' },
    operator: { en: 'operator', zh: '运维员' },
    commander: { en: 'commander', zh: '指挥员' },
    contractor: { en: 'contractor', zh: '施工单位' },
  },
  permission: {
    view: { en: 'view', zh: '查看' },
    oversee: { en: 'oversee', zh: '总览全局' },
    registry: { en: 'manage the record', zh: '管理档案' },
    command: { en: 'send commands', zh: '下发命令' },
    report: { en: 'make scorecards', zh: '出具考核' },
    approve: { en: 'approve', zh: '审批' },
    outages: { en: 'handle outages', zh: '处置故障' },
    repair: { en: 'handle work orders', zh: '办理工单' },
    emergency: { en: 'handle incidents', zh: '处置应急事件' },
    users: { en: 'manage users', zh: '管理用户' },
    audit: { en: 'read the audit', zh: '查看审计' },
  },
} as const satisfies { readonly [vocabulary: string]: Words }

export type Vocabulary = keyof typeof wordTable

const cityOffsetMs = 8 * 3_600_000
/** `2026-11-22 08:50`, as the city's clocks say. */
const cityTime = (iso: string): string =>
  new Date(Date.parse(iso) + cityOffsetMs).toISOString().slice(0, 16).replace('T', ' ')

/** One word, or a list of them (`receive, dispute`); `instant` is a time. What the vocabulary does not know stays as it is. */
export const wordsIn = (language: 'en' | 'zh', vocabulary: string | undefined, text: string): string => {
  if (vocabulary === 'instant') return language === 'zh' ? cityTime(text) : `${cityTime(text)} (UTC+8)`
  const words: Words | undefined = wordTable[vocabulary as Vocabulary]
  if (!words) return text
  const known = text.split(', ').map((word) => words[word]?.[language] ?? word)
  return known.join(language === 'zh' ? '、' : ', ')
}
