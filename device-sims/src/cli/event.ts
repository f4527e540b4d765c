/** `event`: makes cameras of a running fleet notice something. */
import { parseArgs } from 'node:util'
import { readEventOrder } from '../faults/order.ts'
import { call, defaultControl, matchOptions, readMatchOptions } from './control.ts'

export async function eventCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...matchOptions, control: { type: 'string', default: defaultControl }, off: { type: 'boolean' } },
  })
  const [topic] = positionals
  const order = readEventOrder({ match: readMatchOptions(values), topic, active: !values.off })
  console.log(await call(values.control, 'POST', '/events', order))
}
