/** The language in force: Chinese first, the choice kept in this browser. */
import { stored } from '../lib/stored.ts'
import { type Language, type MessageKey, type Params, translate } from './translate.ts'

const choice = stored<Language>('hub.language', ['zh', 'en'])
let current = $state<Language>(choice.read() ?? 'zh')

export const language = (): Language => current

export function setLanguage(next: Language): void {
  current = next
  choice.write(next)
}

export const t = <K extends MessageKey>(key: K, ...params: Params<K>): string => translate(current, key, ...params)
