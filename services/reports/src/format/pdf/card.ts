/** One scorecard on one page: what is signed and filed. */
import type { Scorecard } from '@hub/contracts'
import { cityTime, isRateField, onlineRate, provenanceIn, rateText } from '@hub/core'
import { judgingFacts } from '../../report/facts.ts'
import { cardLineColumns, cardLines, subjectName } from '../../report/scorecards.ts'
import { type Language, nameOf, pick } from '../../words.ts'
import { clockOf } from '../duration.ts'
import { faint, margin, type Page } from './page.ts'
import { drawTable } from './table.ts'

const small = { size: 9 }

/** @param changed what data and adjustments since the lock say otherwise */
export function drawCard(
  page: Page,
  card: Scorecard,
  changed: Scorecard['differences'] | undefined,
  language: Language,
): void {
  const { month, score, pay, status, version, policy } = card
  const points = score === null ? '—' : score.toFixed(2)
  const paid = nameOf('pay', pay ?? 'not-measurable', language)
  const subject = subjectName(card, language)
  page.paragraph(pick(language, `${subject} ${month} 月度考核表`, `Scorecard of ${subject}, ${month}`), {
    size: 18,
    weight: 700,
    align: 'center',
  })
  page.y += 10
  page.paragraph(
    pick(
      language,
      `得分 ${points}　${paid}　${nameOf('card', status, language)}　第 ${version} 版`,
      `Score ${points}, payment: ${paid}, ${nameOf('card', status, language)}, version ${version}`,
    ),
    { size: 13, weight: 700, align: 'center' },
  )
  page.y += 8
  page.paragraph(timeText(card, language), small)
  const coverage = coverageText(card, language)
  if (coverage) page.paragraph(coverage, small)
  page.y += 8
  const total = [pick(language, '合计', 'Total'), sum(card, 'weight'), null, null, null, sum(card, 'deduction'), '', '']
  drawTable(page, { columns: cardLineColumns(language), rows: [...cardLines(card, language), total] }, 9, () => {})
  page.y += 10
  const pays = `${pick(language, '支付线', 'Payment')}: ${policy.payFull} / ${policy.payPart}`
  page.paragraph(
    `${pick(language, '评分依据：', 'Scored by: ')}${provenanceIn(language, policy.provenance)}　${pays}`,
    small,
  )
  for (const [label, text] of judgingFacts(card.judging ?? [], language))
    page.paragraph(`${label}${pick(language, '：', ': ')}${text}`, { size: 8, colour: faint })
  if (changed) flagChange(page, changed, language)
  missing(page, card, language)
  changes(page, card, language)
  signatures(page, card, language)
}

const sum = ({ lines }: Scorecard, what: 'weight' | 'deduction') =>
  Math.round(lines.reduce((all, line) => all + line[what] * 100, 0)) / 100

function timeText({ devices, totals, asOf }: Scorecard, language: Language): string {
  const { up, down, unknown, exempt } = totals
  const zh = `设备 ${devices} 台；在线率 ${rateText(onlineRate(totals))}；在线 ${clockOf(up)}，离线 ${clockOf(down)}，未知 ${clockOf(unknown)}（不计入），豁免 ${clockOf(exempt)}（不计入），单位：台·时:分:秒。统计时刻 ${cityTime(asOf)}（北京时间）。`
  const en = `${devices} devices; online rate ${rateText(onlineRate(totals))}; up ${clockOf(up)}, down ${clockOf(down)}, unknown ${clockOf(unknown)} and exempt ${clockOf(exempt)} (both left out), in device hours. As of ${cityTime(asOf)} (UTC+8).`
  return pick(language, zh, en)
}

/** How much was measured, how much a score needs, and what is missing. */
function coverageText({ coverage, score }: Scorecard, language: Language): string | undefined {
  if (!coverage) return undefined
  const { measured, due, least, missing, provenance } = coverage
  const share = rateText(due > 0 ? measured / due : null)
  const zh = `覆盖率（实测 ÷ 应测）${share}：${clockOf(measured)} ÷ ${clockOf(due)}；评分至少需 ${rateText(least)}（${provenance}）。`
  const en = `Coverage (measured ÷ due) ${share}: ${clockOf(measured)} ÷ ${clockOf(due)}; a score needs at least ${rateText(least)} (${provenanceIn('en', provenance)}).`
  if (score !== null) return pick(language, zh, en)
  const zhMissing = `不可考核：尚缺实测时长 ${clockOf(missing)}，须补报观测数据或经批准的更正。`
  const enMissing = ` Not measurable: ${clockOf(missing)} of measured time is missing, by observations delivered late or by approved corrections.`
  return pick(language, zh + zhMissing, en + enMissing)
}

function flagChange(page: Page, changed: Scorecard['differences'], language: Language): void {
  const zh = '注意：锁定后的补报数据或豁免、更正会改变本表，须出具新版本：'
  const en = 'Note: data or adjustments since the lock would change this card; a new version is to be made:'
  page.y += 6
  page.paragraph(pick(language, zh, en), { size: 9, weight: 700 })
  listDifferences(page, changed)
}

function missing(page: Page, { unaccounted = [] }: Scorecard, language: Language): void {
  if (unaccounted.length === 0) return
  const names = unaccounted.map(({ name, drainedAt }) => `${name}（${drainedAt === null ? '—' : cityTime(drainedAt)}）`)
  page.y += 6
  page.paragraph(
    pick(
      language,
      `锁定时注明缺报的网关（最近一次补报完毕）：${names.join('、')}`,
      `Gateways named as missing at the lock (last known to be delivered): ${names.join(', ')}`,
    ),
    small,
  )
}

/** Differences that a page has room for; the rest is counted. */
const mostDifferences = 12

function changes(page: Page, { reason, differences }: Scorecard, language: Language): void {
  if (reason === null) return
  page.y += 6
  page.paragraph(pick(language, `本版原因：${reason}`, `Why there is this version: ${reason}`), small)
  listDifferences(page, differences)
}

const figureText = (field: string, value: Scorecard['differences'][number]['was']): string =>
  typeof value === 'number' && isRateField(field) ? rateText(value) : `${value ?? '—'}`

function listDifferences(page: Page, differences: Scorecard['differences']): void {
  for (const { field, was, now } of differences.slice(0, mostDifferences))
    page.paragraph(`${field}: ${figureText(field, was)} → ${figureText(field, now)}`, { size: 8, colour: faint })
  if (differences.length > mostDifferences) page.paragraph(`… ${differences.length}`, { size: 8, colour: faint })
}

function signatures(page: Page, card: Scorecard, language: Language): void {
  const columns = [
    [pick(language, '编制', 'Made by'), card.madeBy, card.madeAt],
    [pick(language, '审核', 'Reviewed by'), card.reviewedBy, card.reviewedAt],
    [pick(language, '锁定', 'Locked by'), card.lockedBy, card.lockedAt],
  ] as const
  const height = 96
  if (page.y + height > page.bottom) page.next()
  page.y += 18
  const width = page.width / columns.length
  for (const [n, [label, who, at]] of columns.entries()) {
    const x = margin + n * width
    const lines = [`${label}${pick(language, '：', ': ')}${who ?? ''}`, at === null ? '' : cityTime(at)]
    page.draw(lines, x, page.y, width - 12, small)
    page.draw([pick(language, '签字（盖章）：', 'Signature:')], x, page.y + 36, width - 12, small)
    page.document
      .lineWidth(0.6)
      .strokeColor(faint)
      .moveTo(x, page.y + 62)
      .lineTo(x + width - 16, page.y + 62)
      .stroke()
  }
  page.y += 72
  if (card.hash !== null) page.paragraph(`SHA-256: ${card.hash}`, { size: 8, colour: faint })
  if (card.previousHash !== null)
    page.paragraph(`${pick(language, '上一版', 'Version before')}: ${card.previousHash}`, { size: 8, colour: faint })
}
