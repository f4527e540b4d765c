/** Work that waits for child processes, as many at a time as the machine has cores: the first that fails is told, when those beside it have ended. */
import { availableParallelism } from 'node:os'

export async function abreast<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const failed: unknown[] = []
  const lane = async () => {
    while (queue.length > 0 && failed.length === 0) await work(queue.shift()!).catch((error) => void failed.push(error))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
  if (failed.length > 0) throw failed[0]
}
