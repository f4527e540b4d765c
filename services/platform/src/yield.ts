/** Resolves after the event loop has gone round once: called between two slices of long work, so that other work of this thread is not held up. */
export const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** After so many milliseconds of work the event loop goes round. */
const sliceMs = 10

/** For long work on the main thread: called often, it lets the event loop go round now and then, so that acknowledgements do not wait. */
export function createPacer(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < sliceMs) return
    await yieldToEventLoop()
    since = performance.now()
  }
}

/** Beyond it the loop goes round although this thread did no work: it waited for the disk, or for a busy machine. */
const stalledMs = 100
/** For synchronous work of many callers that take turns, each a microtask after the one before: called at the start of each turn. */
export function createTurnPacer(): () => Promise<void> {
  let since: { work: number; at: number } | undefined
  const workMs = () => process.threadCpuUsage().user / 1_000
  const begin = () => {
    if (!since) setImmediate(() => (since = undefined))
    since ??= { work: workMs(), at: performance.now() }
    return since
  }
  return async () => {
    const { work, at } = begin()
    if (workMs() - work < sliceMs && performance.now() - at < stalledMs) return
    await yieldToEventLoop()
    begin()
  }
}
