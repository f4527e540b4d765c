/** One scorecard on one page: what is signed and filed. */
import type { Scorecard } from '@hub/contracts'
import { onlineRate } from '@hub/core'
import { cityTime, clockOf } from '../../city-time.ts'
import { percent } from '../../report/facts.ts'
import { cardLineColumns, cardLines, subjectName } from '../../report/scorecards.ts'
import { type Language, nameOf, pick } from '../../words.ts'
import { faint, margin, type Page } from './page.ts'
import { drawTable } from './table.ts'

const small = { size: 9 }

export function drawCard(page: Page, card: Scorecard, language: Language): void {
  const { month, score, pay, status, version, policy } = card
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
      `得分 ${score.toFixed(2)}　${nameOf('pay', pay, language)}　${nameOf('card', status, language)}　第 ${version} 版`,
      `Score ${score.toFixed(2)}, payment: ${nameOf('pay', pay, language)}, ${nameOf('card', status, language)}, version ${version}`,
    ),
    { size: 13, weight: 700, align: 'center' },
  )
  page.y += 8
  page.paragraph(timeText(card, language), small)
  page.y += 8
  const total = [pick(language, '合计', 'Total'), sum(card, 'weight'), null, null, null, sum(card, 'deduction'), '', '']
  drawTable(page, { columns: cardLineColumns(language), rows: [...cardLines(card, language), total] }, 9, () => {})
  page.y += 10
  const pays = `${pick(language, '支付线', 'Payment')}: ${policy.payFull} / ${policy.payPart}`
  page.paragraph(`${pick(language, '评分依据：', 'Scored by: ')}${policy.provenance}　${pays}`, small)
  changes(page, card, language)
  signatures(page, card, language)
}

const sum = ({ lines }: Scorecard, what: 'weight' | 'deduction') =>
  Math.round(lines.reduce((all, line) => all + line[what] * 100, 0)) / 100

function timeText({ devices, totals, asOf }: Scorecard, language: Language): string {
  const { up, down, unknown, exempt } = totals
  const zh = `设备 ${devices} 台；在线率 ${percent(onlineRate(totals))}；在线 ${clockOf(up)}，离线 ${clockOf(down)}，未知 ${clockOf(unknown)}（不计入），豁免 ${clockOf(exempt)}（不计入），单位：台·时:分:秒。统计时刻 ${cityTime(asOf)}（北京时间）。`
  const en = `${devices} devices; online rate ${percent(onlineRate(totals))}; up ${clockOf(up)}, down ${clockOf(down)}, unknown ${clockOf(unknown)} and exempt ${clockOf(exempt)} (both left out), in device hours. As of ${cityTime(asOf)} (UTC+8).`
  return pick(language, zh, en)
}

/** Differences that a page has room for; the rest is counted. */
const mostDifferences = 12

function changes(page: Page, { reason, differences }: Scorecard, language: Language): void {
  if (reason === null) return
  page.y += 6
  page.paragraph(pick(language, `本版原因：${reason}`, `Why there is this version: ${reason}`), small)
  for (const { field, was, now } of differences.slice(0, mostDifferences))
    page.paragraph(`${field}: ${was ?? '—'} → ${now ?? '—'}`, { size: 8, colour: faint })
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
