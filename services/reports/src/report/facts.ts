/** What is printed with every report: the period, the instant, who asked, how time counts and where the target comes from. */
import { districts, type JudgedBy, type Scope } from '@hub/contracts'
import { cityTime, judgingWords } from '@hub/core'
import { type Language, pick } from '../words.ts'

export type Fact = readonly [label: string, text: string]

export type Asked = { language: Language; scope: Scope; now: number; requestedBy: string }

export function commonFacts({ language, scope, requestedBy }: Asked, asOf: number): Fact[] {
  const all = pick(language, '全市', 'The city')
  const some = (codes: readonly string[]) =>
    districts.filter(({ code }) => codes.includes(code)).map((district) => district[language])
  return [
    [pick(language, '统计时刻', 'As of'), cityTime(asOf)],
    [pick(language, '数据范围', 'Districts'), scope === 'city' ? all : some(scope).join(pick(language, '、', ', '))],
    [pick(language, '导出人', 'Exported by'), requestedBy],
    [pick(language, '时间', 'Times'), pick(language, '均为北京时间（UTC+8）', 'Asia/Shanghai (UTC+8)')],
  ]
}

export const periodFact = (language: Language, from: number, to: number): Fact => [
  pick(language, '统计时段', 'Period'),
  `${cityTime(from)} – ${cityTime(to)}`,
]

/** `name_2026-10-01_2026-10-31`: the last day is the one that the period ends in. */
export const fileNameOf = (name: string, from: number, to: number): string =>
  `${name}_${cityTime(from).slice(0, 10)}_${cityTime(Math.max(from, to - 1)).slice(0, 10)}`

/** By which versions of the rules states were judged. */
export const judgingFacts = (judging: readonly JudgedBy[], language: Language): Fact[] =>
  judging.map((version) => [pick(language, '判定规则', 'Judged by'), judgingWords(version)[language]])
