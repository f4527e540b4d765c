/** After so many milliseconds of work the event loop gets a turn. */
const sliceMs = 10

/** Gives the event loop a turn now and then: acknowledgements do not wait for figures. */
export function pacer(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < sliceMs) return
    await new Promise((resolve) => setImmediate(resolve))
    since = performance.now()
  }
}
