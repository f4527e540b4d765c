/** `fault` and `log`: talk to a running fleet's control. */
import { parseArgs } from 'node:util'
import { HubError } from '@hub/contracts'
import { type FaultOrder, type Match, matchKeys } from '../faults/fault.ts'
import { readOrder } from '../faults/order.ts'
import { duration, hostPort } from './arguments.ts'

const defaultControl = '127.0.0.1:8090'
const text = { type: 'string' } as const

export async function faultCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      control: { ...text, default: defaultControl },
      id: text,
      kind: text,
      district: text,
      carrier: text,
      pole: text,
      switch: text,
      power: text,
      for: text,
      value: text,
    },
  })
  const match: Match = {}
  for (const key of matchKeys) if (values[key] !== undefined) match[key] = values[key]
  const [verb, fault] = positionals
  if (verb === 'list') return console.log(await call(values.control, 'GET', '/faults'))
  if (verb === 'clear') return console.log(await call(values.control, 'DELETE', '/faults', { match, fault }))
  const order: Partial<FaultOrder> = {
    match,
    fault: verb as FaultOrder['fault'],
    ...(values.for === undefined ? {} : { forMs: duration('for', values.for) }),
    ...(values.value === undefined
      ? {}
      : { value: /^-?\d+(\.\d+)?$/.test(values.value) && verb !== 'password' ? Number(values.value) : values.value }),
  }
  console.log(await call(values.control, 'POST', '/faults', readOrder(order)))
}

export async function logCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { control: { ...text, default: defaultControl } } })
  process.stdout.write(await call(values.control, 'GET', '/log'))
}

async function call(control: string, method: string, path: string, body?: unknown): Promise<string> {
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
