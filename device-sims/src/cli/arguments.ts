/** Command-line values, checked. Each error names the option, the value and the limit. */
import { isIP } from 'node:net'
import { districtCodes, HubError } from '@hub/contracts'
import { parseDuration } from '../scenario/duration.ts'
import type { FieldBroker } from '../sensor/sensors.ts'

const refuse = (field: string, value: unknown, limit: string): HubError =>
  new HubError('request.invalid', { field: `--${field}`, value, limit })

export function whole(field: string, text: string | undefined, least: number, most: number): number {
  if (text === undefined) throw refuse(field, text, 'is needed')
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw refuse(field, text, `must be a whole number from ${least} to ${most}`)
  return value
}

export function needed(field: string, text: string | undefined): string {
  if (!text) throw refuse(field, text, 'is needed')
  return text
}

/** `127.0.0.1:8090` */
export function hostPort(field: string, text: string): { host: string; port: number } {
  const match = /^(.+):(\d{1,5})$/.exec(text)
  if (!match || isIP(match[1]!) === 0 || Number(match[2]) > 65_535) throw refuse(field, text, 'must be ADDRESS:PORT')
  return { host: match[1]!, port: Number(match[2]) }
}

/** `mqtt://127.0.0.1:1885=430405,430406` */
export function fieldBroker(text: string): FieldBroker {
  const [url = '', list = ''] = text.split('=')
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'mqtt:' || !parsed.hostname)
    throw refuse('field', text, 'must be mqtt://HOST:PORT=DISTRICT,…')
  const codes = list.split(',').filter(Boolean)
  const strange = codes.find((code) => !districtCodes.some((known) => known === code))
  if (strange || codes.length === 0) throw refuse('field', strange ?? text, 'must name districts of Hengyang')
  return { host: parsed.hostname, port: Number(parsed.port || 1883), districts: codes }
}

export function duration(field: string, text: string): number {
  const value = parseDuration(text)
  if (value === undefined) throw refuse(field, text, 'must be a duration such as 90s, 15m, 2h')
  return value
}
