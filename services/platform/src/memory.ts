/**
 * How a process that lives for months with tens of thousands of small objects keeps its memory near what is alive. A door of its own
 * (`@hub/platform/memory`): it comes before anything else is loaded.
 */
import { join } from 'node:path'

/**
 * By itself V8 lets its young generation grow to 128 MiB and its old one to several times what is alive before it collects: less of both,
 * for a few more microseconds of CPU a probe. Its threads are under them as well.
 */
const flags = ['--max-semi-space-size=8', '--heap-growing-percent=40']

const environment = {
  // glibc keeps what was freed apart for each thread: 10 MB less with few arenas.
  MALLOC_ARENA_MAX: '2',
  // The compiler that strips the types stays in memory once it was needed (25 MB): what it made of the sources is kept for the next start.
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../../../node_modules/.cache/node'),
}

/** Starts this process over (same process id, same streams) unless it was given such flags: they are read only as a process begins. */
export function keepMemorySmall(): void {
  const given = process.execArgv.some((flag) => flag.startsWith('--max-semi-space-size'))
  // Windows has no execve: it runs there as it likes. A channel to the process that started it would be lost.
  if (given || process.platform === 'win32' || process.connected) return
  process.execve?.(process.execPath, [process.execPath, ...flags, ...process.execArgv, ...process.argv.slice(1)], {
    ...environment,
    ...process.env,
  })
}
