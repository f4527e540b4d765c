/** Online rate over any period, by any attribute; and over time. */
import type { UptimeReport, UptimeRow, UptimeSeries } from '@hub/contracts'
import type { Handlers, Language } from '../http/call.ts'
import type { Context } from './context.ts'

/** How the time is counted, in words that a report prints beside its figures. */
const rules = {
  zh: [
    '在线率 = 在线时长 ÷（在线时长 + 离线时长）；降级计入在线。',
    '未知时长不计入在线率，单独列出；无观测覆盖的时间为未知。',
    '经批准的豁免优先于一切状态，不计入应在线时长；经批准的更正以最近一次批准为准。',
    '仅统计设备在用期间；按设备现有属性归组；日、月以北京时间划分。',
  ],
  en: [
    'Online rate = up ÷ (up + down); degraded counts as up.',
    'Unknown time is left out of the rate and shown apart; time that no observation covers is unknown.',
    'An approved exemption wins over every state and is not due; of approved corrections the latest decided holds.',
    'Only time in service counts, under the present attributes of a device; days and months are those of Asia/Shanghai.',
  ],
} as const satisfies Record<Language, readonly string[]>

const nothing: UptimeRow = { key: {}, devices: 0, up: 0, down: 0, unknown: 0, exempt: 0, rate: null }

export function uptimeHandlers({ config, clock, uptime }: Context): Pick<Handlers, 'uptime' | 'uptimeSeries'> {
  const { target, provenance } = config.policy
  const policy = (language: Language) => ({ target, provenance, rules: [...rules[language]] })
  return {
    async uptime({ viewer, query, language }): Promise<UptimeReport> {
      const now = clock.now()
      const { by, from, to: asked, ...filter } = query
      const to = Math.max(from, Math.min(asked, now))
      const selection = { scope: viewer.scope, filter, from, to, now }
      const rows = await uptime.by({ ...selection, by })
      const [total] = by.length === 0 ? rows : await uptime.by({ ...selection, by: [] })
      return { asOf: now, from, to, policy: policy(language), total: total ?? nothing, rows }
    },

    async uptimeSeries({ viewer, query, language }): Promise<UptimeSeries> {
      const now = clock.now()
      const { from, to: asked, step, ...filter } = query
      const to = Math.max(from, Math.min(asked, now))
      const points = step === 'hour' ? [] : await uptime.series({ scope: viewer.scope, filter, from, to, now, step })
      return { asOf: now, step, policy: policy(language), points }
    },
  }
}
