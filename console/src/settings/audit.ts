/** What was done, in words. An action that this console does not know keeps its own name. Pure. */
import { auditZh } from '../i18n/audit-zh.ts'
import { type Language, translate } from '../i18n/translate.ts'

const prefix = 'audit.act.'
type Known = Extract<keyof typeof auditZh, `audit.act.${string}`>
const known = Object.keys(auditZh).filter((key): key is Known => key.startsWith(prefix))

/** What the audit may be narrowed to. */
export const auditActions: readonly string[] = known.map((key) => key.slice(prefix.length))

export function actionWords(action: string, language: Language): string {
  const key = known.find((one) => one === prefix + action)
  return key ? translate(language, key) : action
}
