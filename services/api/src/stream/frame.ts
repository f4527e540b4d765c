/** Server-sent events as text (WHATWG HTML, 9.2.6). */

/** JSON holds no line break, so one `data:` line is enough. Without `seq` the client's `Last-Event-ID` stays what it was. */
export const frame = (event: string, data: unknown, seq?: number): string =>
  `event: ${event}\n${seq === undefined ? '' : `id: ${seq}\n`}data: ${JSON.stringify(data)}\n\n`
