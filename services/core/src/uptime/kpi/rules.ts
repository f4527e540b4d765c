/** The rule of each figure in one sentence, as reports print it. */
import type { IntactPart, KpiName } from '@hub/contracts'
import { intactParts } from '@hub/contracts'
import { secondMs } from '../../common/time/units.ts'

type Sentence = { zh: string; en: string }

/** `{parts}`, `{left}` and `{seconds}` are filled by `kpiRule`. */
export const kpiRules: Record<KpiName, Sentence> = {
  'online-time': {
    zh: '在线时长 ÷（在线时长 + 离线时长）；降级计为在线；经批准的豁免时长和未知时长不计入，单独列出；仅计投用期间。',
    en: 'Time online ÷ (time online + time offline). Degraded counts as online; approved exempt time and unknown time are left out and shown apart; only time in service is due.',
  },
  'online-snapshot': {
    zh: '该时刻在线设备数 ÷（应在线设备数 − 豁免设备数）；降级计为在线；未知不计为在线，仍在分母中；全部未知时没有数值。',
    en: 'Devices online at the instant ÷ (devices due − exempt). Degraded counts as online; unknown does not count as online and stays in the denominator; when all are unknown there is no figure.',
  },
  'platform-normal': {
    zh: '各平台检查正常次数 ÷ 应检查次数，取各平台中的最低值；分子分母为该平台的次数。',
    en: 'Checks passed ÷ checks due of each platform; the least over the platforms, whose checks are the numerator and denominator.',
  },
  intact: {
    zh: '{parts}均正常的设备数 ÷ 可判定的设备数；豁免、状态未知和未检测的设备不计入，单独列出。{left}',
    en: 'Devices of which {parts} are all good ÷ devices that can be judged; exempt, unknown and unmeasured ones are left out and shown apart.{left}',
  },
  clock: {
    zh: '时钟偏差绝对值不超过 {seconds} 秒的设备数 ÷ 已读取时钟的设备数；偏差 = 设备 − 基准，已扣除往返时延的一半。',
    en: 'Devices whose clock is at most {seconds} s off ÷ devices whose clock was read. Offset = device − reference, corrected by half the round trip.',
  },
  record: {
    zh: '有效的必填字段数 ÷ 必填字段数（GB/T 28181-2022 按点位类型的必填项）。',
    en: 'Valid required fields ÷ required fields (GB/T 28181-2022, by point class).',
  },
  position: {
    zh: '坐标（WGS-84）非零且位于登记区县内的设备数 ÷ 应有坐标的设备数；三类及其他点位无坐标的不计入；区县边界为示意边界，非测绘成果。',
    en: 'Devices whose position (WGS-84) is non-zero and inside the registered district ÷ devices that are to have one; those of class 3 and other without a position are not due. District borders are schematic, no survey.',
  },
}

const partNames: Record<IntactPart, Sentence> = {
  online: { zh: '在线', en: 'online' },
  image: { zh: '图像', en: 'image' },
  recording: { zh: '录像', en: 'recording' },
  control: { zh: '控制', en: 'control' },
}

/** The sentence with what was counted: `parts` of an intact device, the clock's limit in milliseconds. */
export function kpiRule(
  kpi: KpiName,
  { parts = intactParts, clockLimitMs = 5 * secondMs }: { parts?: readonly IntactPart[]; clockLimitMs?: number } = {},
): Sentence {
  const left = intactParts.filter((part) => !parts.includes(part))
  const fill = (language: keyof Sentence, separator: string, leftOut: string) =>
    kpiRules[kpi][language]
      .replace('{parts}', parts.map((part) => partNames[part][language]).join(separator) || '—')
      .replace('{left}', left.length > 0 ? leftOut : '')
      .replace('{seconds}', String(clockLimitMs / secondMs))
  const names = (language: keyof Sentence, separator: string) =>
    left.map((part) => partNames[part][language]).join(separator)
  return {
    zh: fill('zh', '、', `无人检测、未计入：${names('zh', '、')}。`),
    en: fill('en', ', ', ` Measured by nobody and not counted: ${names('en', ', ')}.`),
  }
}

/** How each kind of time counts in an online rate. */
export const uptimeRules: readonly Sentence[] = [
  { zh: '降级计为在线。', en: 'Degraded counts as up.' },
  {
    zh: '未知时长不计入分子和分母，单独列出。',
    en: 'Unknown time is in neither numerator nor denominator and is shown apart.',
  },
  {
    zh: '经批准的豁免时长不计入考核，优先于其他一切状态。',
    en: 'Approved exempt time is left out and wins over every other state.',
  },
  { zh: '经批准的更正以最后批准的为准。', en: 'Of approved corrections the one approved last counts.' },
  { zh: '仅计投用期间。', en: 'Only time in service is due.' },
]
