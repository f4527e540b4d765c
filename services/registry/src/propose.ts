/** What of an import reaches back is not written: it is applied for, and holds once a second person has approved it. */
import { randomUUID } from 'node:crypto'
import type { DeviceId, RegistryImportResult } from '@hub/contracts'
import { type BackdatedDue, cityTime } from '@hub/core'
import type { Language, Outbox } from '@hub/platform'
import type { RegistryDb } from './tables.ts'

type Held = { row: number; device: DeviceId; stretches: readonly BackdatedDue[] }
type By = { user: string; language: Language; now: number; digest: string; outbox: Outbox }

/** In the transaction that writes the rest. What waits already is not applied for again. */
export async function propose(
  trx: RegistryDb,
  held: readonly Held[],
  { user, language, now, digest, outbox }: By,
): Promise<RegistryImportResult['held']> {
  const result: RegistryImportResult['held'] = []
  for (const { row, device, stretches } of held)
    for (const { due, ...stretch } of stretches) {
      const change = { due }
      const waiting = await trx
        .selectFrom('uptime_adjustment')
        .select(['id', 'to_at'])
        .where('status', '=', 'requested')
        .where('kind', '=', 'record')
        .where('scope', '=', JSON.stringify({ by: 'devices', values: [device] }))
        .where('from_at', '=', stretch.from)
        .where('change', '=', JSON.stringify(change))
        .executeTakeFirst()
      const adjustment = waiting?.id ?? randomUUID()
      result.push({ row, device, from: stretch.from, to: waiting?.to_at ?? stretch.to, due, adjustment })
      if (waiting) continue
      const days = `${cityTime(stretch.from)} – ${cityTime(stretch.to)}`
      await outbox.append(
        trx,
        'recordChangeProposed',
        {},
        {
          v: 1,
          at: now,
          id: adjustment,
          device,
          ...stretch,
          change,
          reason: reasons[language](due, days),
          evidence: `registry.csv sha256:${digest} ${language === 'zh' ? `第 ${row} 行` : `row ${row}`}`,
          user,
        },
      )
    }
  return result
}

const reasons: Record<Language, (due: boolean, days: string) => string> = {
  zh: (due, days) => `导入的投用、报废日期改变此前的应在线时间：${days} ${due ? '应在线' : '不应在线'}`,
  en: (due, days) => `Dates of an import change the past: ${due ? 'due' : 'not due'} ${days}`,
}
