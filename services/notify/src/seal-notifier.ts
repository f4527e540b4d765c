/** Tells the parties of each scorecard that was sealed, with its fingerprint: what they keep is the anchor that the hub cannot change. */
import { type carriers, districts, type RequestOf } from '@hub/contracts'
import { isToldOfSeal } from '@hub/core'
import type { Clock, RecordStore } from '@hub/platform'
import type { Channel } from './channels/table.ts'
import { logSeals, sealsKnown } from './log.ts'
import type { Notifier } from './notifier.ts'
import { enqueue, type NewNotification } from './queue.ts'
import { listSeals } from './subjects.ts'
import type { NotifyDb } from './tables.ts'
import { type Language, timeWords } from './words.ts'

type Of = { record: RecordStore<NotifyDb>; clock: Clock; channels: readonly Channel[] }
type Sealed = RequestOf<'seal'>

export function createSealNotifier({ record, clock, channels }: Of): Notifier {
  const { db } = record
  return {
    async decide() {
      const now = clock.now()
      const seals = await listSeals(db)
      if (seals.length === 0) return 0
      const known = await sealsKnown(
        db,
        seals.map(({ key }) => key),
      )
      const due = seals.flatMap((seal) =>
        channels
          .filter((channel) => isToldOfSeal(seal, known.get(`${seal.key} ${channel.id}`) ?? {}, channel))
          .map((channel) => ({ seal, channel })),
      )
      if (due.length === 0) return 0
      await record.transaction(async (trx) => {
        await enqueue(
          trx,
          due.map(({ seal, channel }) => compose(channel, seal)),
          now,
        )
        await logSeals(
          trx,
          due.map(({ seal, channel }) => ({ key: seal.key, channel: channel.id })),
          now,
        )
      })
      return due.length
    },
  }
}

const carrierWords: Record<(typeof carriers)[number], Record<Language, string>> = {
  telecom: { zh: '电信', en: 'Telecom' },
  mobile: { zh: '移动', en: 'Mobile' },
  unicom: { zh: '联通', en: 'Unicom' },
  cable: { zh: '广电', en: 'Cable' },
}
const payWords: Record<NonNullable<Sealed['state']['pay']>, Record<Language, string>> = {
  full: { zh: '全额', en: 'in full' },
  part: { zh: '按比例', en: 'pro rata' },
  none: { zh: '不付', en: 'nothing' },
}

function subjectWords({ kind, key }: Sealed['state']['subject'], language: Language): string {
  if (kind === 'carrier') return carrierWords[key][language]
  return districts.find(({ code }) => code === key)?.[language] ?? key
}

function compose({ id, language }: Channel, { key, state }: Sealed): NewNotification {
  const zh = language === 'zh'
  const { month, subject, version, score, pay, seq, fingerprint, previous, sealedAt, hub } = state
  const who = subjectWords(subject, language)
  const figures =
    score === null || pay === null
      ? { zh: '实测时长不足，不可考核', en: 'Too little was measured: no score, no payment' }
      : { zh: `得分：${score}，付费：${payWords[pay].zh}`, en: `Score: ${score}, paid: ${payWords[pay].en}` }
  const at = `${timeWords(sealedAt)}${zh ? '（北京时间）' : ' (Asia/Shanghai)'}`
  const lines = zh
    ? [
        figures.zh,
        `封存编号：${seq}，${at}`,
        `指纹：${fingerprint}`,
        `前一指纹：${previous ?? '—'}`,
        `中枢密钥：${hub}`,
        '请保存本消息：下载封存包后，用核验页或 npm run verify 核验，并与此指纹逐字比对。',
      ]
    : [
        figures.en,
        `Seal: ${seq}, ${at}`,
        `Fingerprint: ${fingerprint}`,
        `The one before: ${previous ?? '—'}`,
        `Key of the hub: ${hub}`,
        'Keep this message: verify the pack with the page or npm run verify, and compare it with this fingerprint.',
      ]
  const subjectLine = zh
    ? `考核已封存：${who} ${month} 第 ${version} 版`
    : `Scorecard sealed: ${who} ${month}, version ${version}`
  const facts = [{ what: 'scorecard-sealed', key, ...state }]
  return {
    channel: id,
    kind: 'scorecard-sealed',
    outage: null,
    subject: subjectLine,
    body: lines.join('\n'),
    facts: JSON.stringify(facts),
  }
}
