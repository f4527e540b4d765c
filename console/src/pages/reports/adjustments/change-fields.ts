/** What an amendment says that the record was, field by field. */
import type { Adjustment } from '@hub/contracts'
import type { Language } from '../../../i18n/translate.ts'
import { groupName } from '../rates/names.ts'
import { t } from './words.ts'

type Change = NonNullable<Adjustment['change']>

export function changeFields(
  { due, carrier, application, ...others }: Change,
  language: Language,
): { key: string; label: string; value: string }[] {
  const rest = ['pointType', 'project', 'zone', 'maintainer', 'pole', 'feed'] as const
  return [
    ...(due === undefined
      ? []
      : [
          {
            key: 'due',
            label: t('adjust.record.dueField'),
            value: t(due ? 'adjust.record.due' : 'adjust.record.not-due'),
          },
        ]),
    ...(carrier
      ? [{ key: 'carrier', label: t('adjust.record.carrier'), value: groupName('carrier', carrier, language) }]
      : []),
    ...(application
      ? [
          {
            key: 'application',
            label: t('adjust.record.application'),
            value: groupName('application', application, language),
          },
        ]
      : []),
    ...rest.flatMap((field) => {
      const value = others[field]
      return value === undefined
        ? []
        : [
            {
              key: field,
              label: t(`adjust.record.${field}`),
              value:
                value === ''
                  ? t('adjust.record.none')
                  : field === 'pointType' || field === 'zone'
                    ? groupName(field, value, language)
                    : value,
            },
          ]
    }),
  ]
}
