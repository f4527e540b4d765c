/** The language in force: Chinese first, the choice kept in this browser. */
import { stored } from '../browser/stored.ts'
import { type Language, setLanguageSource } from './translate.ts'

const choice = stored<Language>('hub.language', ['zh', 'en'])
let current = $state<Language>(choice.read() ?? 'zh')

export const language = (): Language => current
setLanguageSource(language)

export function setLanguage(next: Language): void {
  current = next
  choice.write(next)
}
