/** A limit in words: what a schema could only name. */
import { type LimitName, limitTable } from './limits.ts'
import { wordsIn } from './words.ts'

const token = /^limit:([a-z0-9-]+)(?:\?(\{.*\}))?$/s

/** In words; what is no limit of the table (a figure, a list of codes, a schema's own message) stays as it is. */
export function limitIn(language: 'en' | 'zh', limit: string): string {
  const [, name, json] = token.exec(limit) ?? []
  const words = limitTable[name as LimitName]?.[language]
  if (words === undefined) return limit
  const fill: { [hole: string]: string | number } = json === undefined ? {} : JSON.parse(json)
  return words.replace(/\{(\w+)(?::([\w-]+))?\}/g, (_, hole: string, vocabulary?: string) =>
    wordsIn(language, vocabulary, String(fill[hole])),
  )
}
