/** Logging: JSON lines on stdout. Secrets are cut out by name, wherever they stand in the first four levels. */
import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const secretNames = ['password', 'passwordHash', 'secret', 'token', 'authorization', 'cookie', '["set-cookie"]']
const join = (prefix: string, name: string) => (name.startsWith('[') ? `${prefix}${name}` : `${prefix}.${name}`)
const secretPaths = secretNames.flatMap((name) => [name, ...['*', '*.*', '*.*.*'].map((prefix) => join(prefix, name))])

/** @param to where lines go; stdout when absent. */
export function createLog(options: { name: string; level: (typeof logLevels)[number] }, to?: DestinationStream): Log {
  const settings = { ...options, base: { name: options.name }, redact: { paths: secretPaths, censor: '[redacted]' } }
  return to ? pino(settings, to) : pino(settings)
}

/** For tests and one-off tools. */
export const silentLog: Log = pino({ level: 'silent' })
