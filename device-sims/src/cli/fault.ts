/** `fault` and `log`: talk to a running fleet's control. */
import { parseArgs } from 'node:util'
import type { FaultOrder } from '../faults/fault.ts'
import { readOrder } from '../faults/order.ts'
import { duration } from './arguments.ts'
import { call, defaultControl, matchOptions, readMatchOptions } from './control.ts'

const text = { type: 'string' } as const

export async function faultCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      control: { ...text, default: defaultControl },
      ...matchOptions,
      for: text,
      value: text,
    },
  })
  const match = readMatchOptions(values)
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
