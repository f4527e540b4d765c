/** Looks a sentence up and fills its parameters, both checked by type against the Chinese catalogue. */
import { en } from './en.ts'
import { zh } from './zh.ts'

export type Language = 'zh' | 'en'
export type MessageKey = keyof typeof zh
type Names<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
export type Params<K extends MessageKey> =
  Names<(typeof zh)[K]> extends never ? [] : [Record<Names<(typeof zh)[K]>, string | number>]

const catalogues: Record<Language, Record<MessageKey, string>> = { zh, en }

export function translate<K extends MessageKey>(language: Language, key: K, ...[params]: Params<K>): string {
  const text = catalogues[language][key]
  if (!params) return text
  return text.replace(/\{(\w+)\}/g, (_, name: keyof typeof params) => String(params[name]))
}
