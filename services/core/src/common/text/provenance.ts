/** Where a figure of the configuration comes from, in the reader's language. */
import { provenances } from '@hub/contracts'

const english: ReadonlyMap<string, string> = new Map(Object.values(provenances).map(({ zh, en }) => [zh, en]))

/** What a person has written stays as it was written. */
export const provenanceIn = (language: 'zh' | 'en', text: string): string =>
  language === 'en' ? (english.get(text) ?? text) : text
