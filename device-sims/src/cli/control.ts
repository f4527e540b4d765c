/** What the commands share that talk to a running fleet's control. */
import { HubError } from '@hub/contracts'
import { type Match, matchKeys } from '../faults/fault.ts'
import { hostPort } from './arguments.ts'

export const defaultControl = '127.0.0.1:8090'
const text = { type: 'string' } as const

/** Which devices are meant. */
export const matchOptions = {
  id: text,
  kind: text,
  district: text,
  carrier: text,
  pole: text,
  switch: text,
  power: text,
} satisfies Record<(typeof matchKeys)[number], typeof text>

export function readMatchOptions(values: Match): Match {
  const match: Match = {}
  for (const key of matchKeys) if (values[key] !== undefined) match[key] = values[key]
  return match
}

export async function call(control: string, method: string, path: string, body?: unknown): Promise<string> {
  const { host, port } = hostPort('control', control)
  const response = await fetch(`http://${host}:${port}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: Error) => {
    throw new HubError('request.invalid', {
      field: '--control',
      value: control,
      limit: `does not answer (${error.message})`,
    })
  })
  const answer = await response.text()
  if (!response.ok) throw new HubError('request.invalid', { field: 'control', value: control, limit: answer })
  return answer
}
