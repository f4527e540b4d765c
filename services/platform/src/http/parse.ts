/** Outside input → typed values; the error speaks the viewer's language and shows no secret. */
import { HubError, localIssues, parseOr } from '@hub/contracts'
import { plainValue } from '@hub/core'
import type { Language } from './call.ts'

type Schema = Parameters<typeof parseOr>[0]
const secret = /password|secret|token/i

/** @throws HubError `request.invalid` */
export function parseRequest(schema: Schema, input: unknown, language: Language): unknown {
  try {
    return parseOr(schema, plainValue(input), 'request.invalid', {}, localIssues[language])
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    const { field = '', value } = error.params
    // A whole body is named by its kind only, a secret not at all.
    if (field === 'body') throw new HubError('request.invalid', { ...error.params, value: kindOf(value) })
    if (secret.test(field) && value !== undefined && value !== 'present')
      throw new HubError('request.invalid', { ...error.params, value: '…' })
    throw error
  }
}

const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)
