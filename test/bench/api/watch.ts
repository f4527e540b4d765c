/**
 * Loaded into the hub's process before it starts (`node --import`): says on request for how long its main thread did not come round, in
 * time of the wall and of its CPU (on a busy machine the wall also counts other programs' turns), and what CPU it took in all. Threads
 * of the hub are not looked at: they stop nobody.
 */
import { isMainThread } from 'node:worker_threads'

export type Strain = { stopMs: number; pieceMs: number; cpuMs: number }

const cpuMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

if (isMainThread) {
  const everyMs = 2
  let [at, cpu] = [performance.now(), cpuMs()]
  const since = { cpu: 0, stop: 0, piece: 0 }
  setInterval(() => {
    const [now, used] = [performance.now(), cpuMs()]
    since.stop = Math.max(since.stop, now - at - everyMs)
    since.piece = Math.max(since.piece, used - cpu)
    at = now
    cpu = used
  }, everyMs).unref()
  process.on('message', () => {
    const used = cpuMs()
    process.send!({ stopMs: since.stop, pieceMs: since.piece, cpuMs: used - since.cpu } satisfies Strain)
    Object.assign(since, { cpu: used, stop: 0, piece: 0 })
  })
  // The channel keeps nobody alive.
  process.channel?.unref()
}
