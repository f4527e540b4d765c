/** Work orders as CSV, for people: their language, the city's clock, cells that no spreadsheet runs. */
import { type DistrictCode, districts, type WorkOrder, wordsIn } from '@hub/contracts'
import { plainLines, provenanceIn, subjectWords, textCell } from '@hub/core'
import type { Language } from '@hub/platform'
import { stringify } from 'csv-stringify/sync'

/** A number is written as it is: a minus sign would make text of it, and no formula. */
type Cell = string | number | null
type Words = Record<Language, string>

const lines = (rows: Cell[][]) =>
  stringify(
    rows.map((row) => row.map((cell) => (typeof cell === 'string' ? textCell(plainLines(cell).trim()) : cell))),
    { record_delimiter: 'windows', quoted_match: /[\r\n]/ },
  )

const hourMs = 3_600_000
const hours = (ms: number) => Math.round(ms / 36_000) / 100
const time = (at: number | null) =>
  at === null ? null : new Date(at + 8 * hourMs).toISOString().slice(0, 19).replace('T', ' ')
const name = (code: DistrictCode, language: Language) => districts.find((d) => d.code === code)?.[language] ?? code

/** By how much a limit was, or is, exceeded. */
const over = (by: number, metAt: number | null, order: WorkOrder, now: number) => {
  // One that was withdrawn, or closed with its outage, may never have been received or done.
  const until = metAt ?? order.closedAt ?? now
  return until > by ? hours(until - by) : null
}
/** To the limit whose clock runs; negative when it has passed. */
const left = ({ status, receivedAt, respondBy, doneAt, repairBy }: WorkOrder, now: number) => {
  if (status === 'closed' || status === 'cancelled' || doneAt !== null) return null
  return hours((receivedAt === null ? respondBy : repairBy) - now)
}

const colours: Record<WorkOrder['overtime'], Words> = {
  none: { zh: '时限内', en: 'in time' },
  yellow: { zh: '黄牌', en: 'yellow' },
  red: { zh: '红牌', en: 'red' },
}
const classes: Record<WorkOrder['rule']['class'], Words> = {
  core: { zh: '核心', en: 'core' },
  urban: { zh: '城区', en: 'urban' },
  rural: { zh: '农村', en: 'rural' },
}
const whole: Record<'true' | 'false', Words> = {
  true: { zh: '完整', en: 'whole' },
  false: { zh: '不完整', en: 'not whole' },
}

const columns: readonly (Words & { of: (order: WorkOrder, language: Language, now: number) => Cell })[] = [
  { zh: '编号', en: 'Number', of: (o) => o.number },
  { zh: '责任单位', en: 'Unit', of: (o) => o.unit },
  { zh: '状态', en: 'Status', of: (o, language) => wordsIn(language, 'order-status', o.status) },
  { zh: '预警', en: 'Warning', of: (o, language) => colours[o.overtime][language] },
  { zh: '剩余小时', en: 'Hours left', of: (o, _, now) => left(o, now) },
  { zh: '事由', en: 'Subject', of: (o, language) => subjectWords({ ...o, devices: o.devices.length }, language) },
  { zh: '区县', en: 'Districts', of: (o, language) => o.districts.map((code) => name(code, language)).join(' ') },
  { zh: '设备数', en: 'Devices', of: (o) => o.devices.length },
  { zh: '未恢复', en: 'Down', of: (o) => o.down },
  { zh: '类别', en: 'Class', of: (o, language) => classes[o.rule.class][language] },
  { zh: '派发人', en: 'Issued by', of: (o) => o.issuedBy },
  { zh: '派发时间', en: 'Issued (UTC+8)', of: (o) => time(o.issuedAt) },
  { zh: '响应时限', en: 'Respond by (UTC+8)', of: (o) => time(o.respondBy) },
  { zh: '接收时间', en: 'Received (UTC+8)', of: (o) => time(o.receivedAt) },
  { zh: '响应超时小时', en: 'Response hours over', of: (o, _, now) => over(o.respondBy, o.receivedAt, o, now) },
  { zh: '修复时限', en: 'Repair by (UTC+8)', of: (o) => time(o.repairBy) },
  { zh: '修复完成时间', en: 'Done (UTC+8)', of: (o) => time(o.doneAt) },
  { zh: '修复超时小时', en: 'Repair hours over', of: (o, _, now) => over(o.repairBy, o.doneAt, o, now) },
  { zh: '办结时间', en: 'Closed (UTC+8)', of: (o) => time(o.closedAt) },
  { zh: '时限依据', en: 'Source of the limits', of: (o, language) => provenanceIn(language, o.rule.provenance) },
  { zh: '证据链', en: 'Evidence chain', of: (o, language) => whole[`${o.whole}`][language] },
  { zh: '末条散列', en: 'Last hash', of: (o) => o.steps.at(-1)?.hash ?? null },
  { zh: '设备编码', en: 'Device codes', of: (o) => o.devices.join(' ') },
]

export const workOrderHeader = (language: Language): string =>
  `\uFEFF${lines([columns.map((column) => column[language])])}`

export const workOrderRows = (orders: readonly WorkOrder[], language: Language, now: number): string =>
  lines(orders.map((order) => columns.map(({ of }) => of(order, language, now))))
