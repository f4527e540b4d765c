/** Server-sent events as text (WHATWG HTML, 9.2.6). */
import type { StreamEvent } from '@hub/contracts'

type Data<E extends StreamEvent['event']> = Extract<StreamEvent, { event: E }>['data']

/** JSON holds no line break, so one `data:` line is enough. Without `seq` the client's `Last-Event-ID` stays what it was. */
export const frame = <E extends StreamEvent['event']>(event: E, data: Data<E>, seq?: number): string =>
  `event: ${event}\n${seq === undefined ? '' : `id: ${seq}\n`}data: ${JSON.stringify(data)}\n\n`
