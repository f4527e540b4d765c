/** What a rule will do, in plain words. Pure. */
import { type LinkageAction, measures, type RuleDraft } from '@hub/contracts'
import { secondMs } from '@hub/core'
import type { Language } from '../../i18n/translate.ts'
import { formatDuration } from '../../lib/format.ts'
import { districtNames, listWords } from '../../lib/names.ts'
import { translate } from './words.ts'

const span = (seconds: number, language: Language) => formatDuration(seconds * secondMs, language)

export function whenWords({ when }: Pick<RuleDraft, 'when'>, language: Language): string {
  switch (when.kind) {
    case 'measure': {
      const { unit, zh, en } = measures[when.measure]
      return translate(language, `emergency.when.${when.compare}`, {
        measure: language === 'zh' ? zh : en,
        value: `${when.threshold} ${unit}`,
        span: span(when.holdSeconds, language),
        back: `${when.hysteresis} ${unit}`,
      })
    }
    case 'event':
      return translate(language, 'emergency.when.event', {
        events: listWords(
          when.topics.map((topic) => translate(language, `emergency.event.${topic}`)),
          language,
        ),
      })
    case 'outage':
      return translate(language, 'emergency.when.outage', { members: when.members })
    case 'incident':
      return translate(language, 'emergency.when.incident', {
        which:
          when.level === undefined
            ? ''
            : translate(language, 'emergency.when.level', {
                level: translate(language, `emergency.level.${when.level as 1}`),
              }),
        what: listWords(
          [
            ...(when.classes ?? []).map((one) => translate(language, `emergency.class.${one}`)),
            ...(when.types ?? []).map((one) => translate(language, `emergency.type.${one}`)),
          ],
          language,
        ),
      })
  }
}

export function whereWords({ where, schedule }: Pick<RuleDraft, 'where' | 'schedule'>, language: Language): string {
  const { districts, devices, area, applications } = where
  const parts = [
    districts?.length ? districtNames(districts, language) : '',
    applications?.length
      ? listWords(
          applications.map((one) => translate(language, `application.${one as 'urban'}`)),
          language,
        )
      : '',
    devices?.length ? translate(language, 'emergency.where.devices', { count: devices.length }) : '',
    area?.length ? translate(language, 'emergency.where.area') : '',
    schedule
      ? `${
          schedule.days?.length
            ? `${listWords(
                schedule.days.map((day) => translate(language, `emergency.day.${day as 1}`)),
                language,
              )} `
            : ''
        }${schedule.from}–${schedule.to}`
      : '',
  ].filter(Boolean)
  return parts.length ? parts.join(' · ') : translate(language, 'emergency.where.all')
}

export function actionWords(action: LinkageAction, language: Language): string {
  const say = translate
  switch (action.kind) {
    case 'open-incident':
      return say(language, action.joinMetres && action.joinMinutes ? 'emergency.do.join' : 'emergency.do.open', {
        title: action.title || say(language, `emergency.type.${action.type}`),
        metres: action.joinMetres,
        minutes: action.joinMinutes,
      })
    case 'choose-cameras':
      return say(language, 'emergency.do.cameras', { metres: action.radius, most: action.most })
    case 'preset':
      return action.name
        ? say(language, 'emergency.do.preset', { name: action.name })
        : say(language, 'emergency.do.preset.nearest')
    case 'snapshots':
      return say(language, 'emergency.do.snapshots', { count: action.count, seconds: action.everySeconds })
    case 'record':
      return say(language, 'emergency.do.record', { span: span(action.seconds, language) })
    case 'notify':
      return say(language, `emergency.do.notify.${action.importance}`)
    case 'work-order':
      return action.unit
        ? say(language, 'emergency.do.order.unit', { unit: action.unit })
        : say(language, 'emergency.do.order')
    case 'field-command':
      return say(language, 'emergency.do.command', { device: action.device || '—', command: action.command || '—' })
    case 'cap':
      return say(language, 'emergency.do.cap')
    case 'plan':
      return say(language, 'emergency.do.plan')
  }
}

/** One action's terms: `30 秒内完成，失败再试 2 次`. */
export const termsWords = ({ deadlineSeconds, retries }: LinkageAction, language: Language): string =>
  translate(language, 'emergency.do.terms', { span: span(deadlineSeconds, language), retries })
