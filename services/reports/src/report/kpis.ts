/** 考核指标: each figure with numerator, denominator, exclusions, rule and provenance; stated beside computed. */
import type { Kpi, KpiReport } from '@hub/contracts'
import { provenanceIn } from '@hub/core'
import { type Cell, type Column, type ReportDocument, whole } from '../document.ts'
import { type Language, nameOf, pick } from '../words.ts'
import { type Asked, commonFacts, fileNameOf, judgingFacts, periodFact } from './facts.ts'

export function kpiReport(report: KpiReport, asked: Asked): ReportDocument {
  const { language } = asked
  const { asOf, from, to, kpis, judging } = report
  const columns: Column[] = [
    { title: pick(language, '指标', 'Figure'), kind: 'text', width: 20 },
    { title: pick(language, '计算值', 'Computed'), kind: 'percent', width: 10 },
    { title: pick(language, '上报值', 'Stated'), kind: 'percent', width: 10 },
    { title: pick(language, '上报来源', 'Stated by'), kind: 'text', width: 18 },
    { title: pick(language, '目标', 'Target'), kind: 'percent', width: 10 },
    { title: pick(language, '分子', 'Numerator'), kind: 'count', width: 18 },
    { title: pick(language, '分母', 'Denominator'), kind: 'count', width: 18 },
    { title: pick(language, '单位', 'Unit'), kind: 'text', width: 10 },
    { title: pick(language, '剔除', 'Left out'), kind: 'text', width: 24 },
    { title: pick(language, '口径', 'Rule'), kind: 'text', width: 60 },
    { title: pick(language, '目标来源', 'Provenance'), kind: 'text', width: 40 },
  ]
  return whole({
    title: pick(language, '考核指标', 'Reported figures'),
    fileName: fileNameOf(pick(language, '考核指标', 'figures'), from, to),
    facts: [periodFact(language, from, to), ...commonFacts(asked, asOf), ...judgingFacts(judging, language)],
    tables: [{ name: pick(language, '考核指标', 'Figures'), columns, rows: kpis.map((kpi) => cells(kpi, language)) }],
    answer: report,
  })
}

function cells(kpi: Kpi, language: Language): Cell[] {
  const left = kpi.excluded.map(({ reason, count, part }) => {
    const what = nameOf('excluded', reason, language)
    return `${part ? `${nameOf('part', part, language)} ${what}` : what} ${count}`
  })
  return [
    nameOf('kpi', kpi.kpi, language),
    kpi.value,
    kpi.stated?.value ?? null,
    kpi.stated?.source ?? null,
    kpi.target,
    kpi.numerator,
    kpi.denominator,
    nameOf('unit', kpi.unit, language),
    left.join(pick(language, '、', ', ')),
    kpi.rule[language],
    provenanceIn(language, kpi.provenance),
  ]
}
