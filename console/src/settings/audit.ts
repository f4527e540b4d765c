/** The audit's lines in words. An action that this console does not know keeps its own name. Pure. */
import type { AuditPage } from '@hub/contracts'
import { auditZh } from '../i18n/audit-zh.ts'
import { type Language, translate } from '../i18n/translate.ts'

type Line = AuditPage['lines'][number]
const prefix = 'audit.act.'
type Known = Extract<keyof typeof auditZh, `audit.act.${string}`>
const known = Object.keys(auditZh).filter((key): key is Known => key.startsWith(prefix))

/** What the audit may be narrowed to. */
export const auditActions: readonly string[] = known.map((key) => key.slice(prefix.length))

export function actionWords(action: string, language: Language): string {
  const key = known.find((one) => one === prefix + action)
  return key ? translate(language, key) : action
}

/** `version 2 · score 96.05`: names as the record has them, values as short as they go. */
export const detailWords = ({ detail }: Pick<Line, 'detail'>): string =>
  Object.entries(detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ')
