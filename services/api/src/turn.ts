/** Lets others have their turn on this thread, between two slices of long work. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
