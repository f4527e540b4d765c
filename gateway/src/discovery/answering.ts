/** For tests: an answer that says which Probe it answers, as WS-Discovery wants it. */

/** @param answer a ProbeMatches message, whatever it says that it answers. @param probe the datagram that asked */
export function answering(answer: string | Buffer, probe: Buffer): string {
  const id = /MessageID>([^<]+)</.exec(probe.toString())?.[1] ?? ''
  const text = answer.toString()
  const relates = /(RelatesTo[^>]*>)[^<]*/
  if (relates.test(text)) return text.replace(relates, `$1${id}`)
  const header = /<(?:[\w-]+:)?Header[^>]*>/.exec(text)?.[0]
  if (header) return text.replace(header, `${header}<RelatesTo>${id}</RelatesTo>`)
  return text.replace(/<(?:[\w-]+:)?Body/, (body) => `<Header><RelatesTo>${id}</RelatesTo></Header>${body}`)
}
