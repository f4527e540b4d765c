/** An error that may cross a room's wall, and its message. Nobody throws a bare Error across one. */
import { limitIn } from './limit-in.ts'
import { type ErrorCode, errorTable } from './table.ts'
import { wordsIn } from './words.ts'

/** Names the field, the value and the limit. `field` and `value` are cut to 80 characters before they are shown. */
export type ErrorParams = { field?: string; value?: unknown; limit?: string | number; row?: number }

export function errorMessage(code: ErrorCode, params: ErrorParams, language: 'en' | 'zh' = 'en'): string {
  return errorTable[code][language].replace(
    /\{(\w+)(?::([\w-]+))?\}/g,
    (_, key: keyof ErrorParams, vocabulary?: string) => {
      const said = key === 'limit' ? limitIn(language, String(params.limit)) : params[key]
      return show(key, typeof said === 'string' ? wordsIn(language, vocabulary, said) : said)
    },
  )
}

function show(key: string, value: unknown): string {
  const text = key === 'value' && typeof value !== 'string' ? (JSON.stringify(value) ?? 'missing') : String(value)
  const most = key === 'limit' ? 320 : 80
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

/** An error that may cross a room's wall. */
export class HubError extends Error {
  readonly code: ErrorCode
  readonly params: ErrorParams
  constructor(code: ErrorCode, params: ErrorParams = {}, options?: ErrorOptions) {
    super(errorMessage(code, params), options)
    this.name = 'HubError'
    this.code = code
    this.params = params
  }
}
