/** What was done, in words. An action that this console does not know keeps its own name. Pure. */
import type { Language } from '../../i18n/translate.ts'
import { translate, words } from './words.ts'

const prefix = 'audit.act.'
type Known = Extract<keyof typeof words.zh, `audit.act.${string}`>
const known = Object.keys(words.zh).filter((key): key is Known => key.startsWith(prefix))

/** What the audit may be narrowed to. */
export const auditActions: readonly string[] = known.map((key) => key.slice(prefix.length))

export function actionWords(action: string, language: Language): string {
  const key = known.find((one) => one === prefix + action)
  return key ? translate(language, key) : action
}
