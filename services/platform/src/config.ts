/** Configuration: one YAML file, checked whole by a strict schema before anything starts, frozen after. */
import { readFileSync } from 'node:fs'
import { firstIssue, HubError } from '@hub/contracts'
import { parseDocument } from 'yaml'
import type { z } from 'zod'

/** Environment variable → the field that it overrides: `{ HUB_PORT: { field: 'http.port', as: 'number' } }`. An empty variable overrides nothing. */
export type EnvOverrides = { readonly [name: string]: { field: string; as: 'text' | 'number' } }

const isSecret = /(password|secret|token)\w*$/i

/**
 * Loads and checks a configuration file. Objects in the result are frozen.
 * @throws HubError `config.unreadable`: no such file, or not YAML (with line and column); `config.invalid`: names the field, the value and the limit.
 */
export function loadConfig<T>(
  schema: z.ZodType<T>,
  path: string,
  overrides: EnvOverrides = {},
  env: NodeJS.ProcessEnv = process.env,
): T {
  const input = parseYaml(readText(path), path)
  for (const [name, { field, as }] of Object.entries(overrides)) {
    const value = env[name]
    // A number that is none stays text, so that the schema's message shows it.
    if (value) assign(input, field.split('.'), as === 'number' && /^\d+$/.test(value) ? Number(value) : value)
  }
  return checkConfig(schema, input)
}

/** Checks a configuration that is already an object. */
export function checkConfig<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input)
  if (result.success) return freeze(result.data)
  const { field, value, limit } = firstIssue(result.error, input)
  throw new HubError('config.invalid', {
    field: field === 'body' ? 'the file' : field,
    value: isSecret.test(field) && value !== undefined ? '[redacted]' : value,
    limit,
  })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (err) {
    const code = (err as NodeJS.ErrnoException).code
    throw new HubError('config.unreadable', { value: path, limit: code === 'ENOENT' ? 'no such file' : String(code) })
  }
}

function parseYaml(text: string, path: string): unknown {
  const unreadable = (limit: string) => new HubError('config.unreadable', { value: path, limit })
  const document = parseDocument(text, { prettyErrors: true, stringKeys: true })
  const problem = document.errors[0]
  if (problem) {
    const at = problem.linePos?.[0]
    const what = problem.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')
    throw unreadable(`line ${at?.line}, column ${at?.col}: ${what}`)
  }
  try {
    return document.toJS() ?? {}
  } catch (err) {
    // An alias without an anchor, or a bomb of them.
    throw unreadable((err as Error).message)
  }
}

function assign(input: unknown, [key, ...rest]: string[], value: string | number): void {
  if (key === undefined || typeof input !== 'object' || input === null) return
  const object = input as { [key: string]: unknown }
  if (rest.length === 0) object[key] = value
  else {
    object[key] ??= {}
    assign(object[key], rest, value)
  }
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}
