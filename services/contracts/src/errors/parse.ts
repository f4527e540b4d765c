/** Input from outside: parsed, or refused with an error that names field, value and limit. */
import type { z } from 'zod'
import { type ErrorParams, HubError } from './hub-error.ts'
import { limitText } from './limits.ts'
import type { ErrorCode } from './table.ts'

/** Parse outside input. The first issue becomes an error that names field, value and limit; `issues` words the limit. */
export function parseOr<T>(
  schema: z.ZodType<T>,
  input: unknown,
  code: ErrorCode,
  params: ErrorParams = {},
  issues?: z.core.$ZodErrorMap,
): T {
  const result = schema.safeParse(input, issues && { error: issues })
  if (result.success) return result.data
  throw new HubError(code, { ...firstIssue(result.error, input), ...params })
}

/** Field path, the value found there, and what the schema wants. */
export function firstIssue(error: z.ZodError, input: unknown): { field: string; value: unknown; limit: string } {
  const issue = error.issues[0]!
  if (issue.code === 'unrecognized_keys')
    return { field: [...issue.path, issue.keys[0]].join('.'), value: 'present', limit: limitText('unknown-key') }
  let value: unknown = input
  for (const key of issue.path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key]
  return { field: issue.path.join('.') || 'body', value, limit: issue.message }
}
