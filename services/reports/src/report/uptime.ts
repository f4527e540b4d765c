/** 在线率: the totals first, then a row for each group. */
import type { UptimeGroup, UptimeReport, UptimeRow } from '@hub/contracts'
import { provenanceIn, rateText } from '@hub/core'
import { type Cell, type Column, type ReportDocument, whole } from '../document.ts'
import { nameOf, pick } from '../words.ts'
import { type Asked, commonFacts, type Fact, fileNameOf, judgingFacts, periodFact } from './facts.ts'

const groupNames: Record<UptimeGroup, readonly [zh: string, en: string, width: number]> = {
  district: ['区县', 'District', 14],
  application: ['应用', 'Application', 14],
  carrier: ['运营商', 'Carrier', 12],
  pointType: ['点位类别', 'Point class', 12],
  project: ['项目', 'Project', 20],
  zone: ['园区', 'Zone', 14],
  device: ['设备编码', 'Device', 24],
}

/** @param deviceName of a device by its code, where rows are of devices */
export function uptimeReport(
  { asOf, from, to, policy, total, rows }: UptimeReport,
  by: readonly UptimeGroup[],
  asked: Asked,
  deviceName: (id: string) => string,
): ReportDocument {
  const { language } = asked
  const title = pick(language, '外场设备在线率', 'Field online rate')
  const columns: Column[] = [
    ...(by.length === 0 ? [{ title: pick(language, '范围', 'Of'), kind: 'text' as const, width: 14 }] : []),
    ...by.flatMap((group): Column[] => {
      const [zh, en, width] = groupNames[group]
      const column: Column = { title: pick(language, zh, en), kind: 'text', width }
      return group === 'device'
        ? [column, { title: pick(language, '设备名称', 'Name'), kind: 'text', width: 28 }]
        : [column]
    }),
    { title: pick(language, '设备', 'Devices'), kind: 'count', width: 10 },
    { title: pick(language, '在线率', 'Online rate'), kind: 'percent', width: 12 },
    { title: pick(language, '在线时长', 'Up'), kind: 'duration', width: 16 },
    { title: pick(language, '离线时长', 'Down'), kind: 'duration', width: 16 },
    { title: pick(language, '未知时长', 'Unknown'), kind: 'duration', width: 16 },
    { title: pick(language, '豁免时长', 'Exempt'), kind: 'duration', width: 16 },
  ]
  const keyCells = ({ key }: UptimeRow): Cell[] =>
    by.flatMap((group): Cell[] => {
      const value = key[group] ?? ''
      if (group === 'device') return [value, deviceName(value)]
      return [value === '' ? pick(language, '（未填）', '(none)') : nameOf(group, value, language)]
    })
  const figures = ({ devices, rate, up, down, unknown, exempt }: UptimeRow): Cell[] => [
    devices,
    rate,
    up,
    down,
    unknown,
    exempt,
  ]
  const keys = columns.length - 6
  const totalCells: Cell[] = [pick(language, '合计', 'Total'), ...Array<Cell>(keys - 1).fill(null), ...figures(total)]
  const groupRows = by.length === 0 ? [] : rows.map((row) => [...keyCells(row), ...figures(row)])
  return whole({
    title,
    fileName: fileNameOf(pick(language, '在线率', 'online-rate'), from, to),
    facts: [periodFact(language, from, to), ...commonFacts(asked, asOf), ...policyFacts(policy, asked)],
    tables: [{ name: pick(language, '在线率', 'Online rate'), columns, rows: [totalCells, ...groupRows] }],
    answer: { asOf, from, to, policy, total, rows },
  })
}

function policyFacts({ target, provenance, rules, judging }: UptimeReport['policy'], { language }: Asked): Fact[] {
  return [
    [pick(language, '目标', 'Target'), rateText(target)],
    [pick(language, '目标来源', 'Where it comes from'), provenanceIn(language, provenance)],
    [
      pick(language, '统计口径', 'How time counts'),
      [
        pick(language, '在线率 = 在线时长 ÷（在线时长 + 离线时长）。', 'Online rate = up ÷ (up + down).'),
        ...rules,
      ].join(pick(language, '', ' ')),
    ],
    ...judgingFacts(judging, language),
  ]
}
