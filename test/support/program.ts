/**
 * Programs that tests and benchmarks run beside them. A program may end before its input was written (EPIPE), may never become ready,
 * or may be forgotten: here each is fed without an error of the stream, waited for with what it printed as the reason, and ended, with
 * whatever it started itself.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { searchPath } from './machine.ts'

export type Ending = {
  /** Null when a signal ended it or it could not be started. */
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export type Program = {
  readonly pid: number
  readonly child: ChildProcess
  /** All that it has printed until now, in the order in which it came. */
  printed(): string
  /** Resolves when it has ended and all that it printed is here; never rejects. */
  readonly ended: Promise<Ending>
  /** What is waited for. @throws with what it printed, when the program ends first */
  orEnd<T>(wanted: Promise<T>): Promise<T>
  /** Asks until `isReady` gives true; an error is "not yet". @throws with what it printed, when it ends first or time is up; it is then ended */
  untilReady(isReady: () => Promise<boolean>, seconds?: number): Promise<void>
  /** Resolves with its first words. @throws when it ends without any */
  firstWords(): Promise<void>
  /** Sends the signal, and SIGKILL when it has not ended ten seconds later. */
  stop(signal?: NodeJS.Signals): Promise<Ending>
}

type Options = {
  env?: Record<string, string>
  cwd?: string
  /** Written to its input, which is then closed; without it there is none. */
  input?: string
  /** Whether it talks to its parent by `process.send`. */
  ipc?: boolean
}

const running = new Set<ChildProcess>()
// Whatever ends this process, nothing that it started is left behind.
process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL')
})

/** Starts a program: a file on PATH or by its path. */
export function startProgram(file: string, args: readonly string[], options: Options = {}): Program {
  const { env, cwd, input, ipc = false } = options
  const child = spawn(file, args, {
    env: { ...process.env, PATH: searchPath, ...env },
    ...(cwd && { cwd }),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
    // The leader of a group of its own: what it has started ends with it.
    detached: true,
  })
  running.add(child)
  const said = { all: '', stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name]!.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
      said.all += text
    })
  // A program that has ended reads no more. Its ending says why; the error of the stream (EPIPE) says nothing.
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)

  const ended = new Promise<Ending>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      running.delete(child)
      resolve({ code, signal, stdout: said.stdout, stderr: said.stderr })
    }
    // Not on 'close': it never comes to a child whose channel was closed on this side.
    child.once('exit', (code, signal) => {
      const printed = Promise.all([child.stdout!, child.stderr!].map((pipe) => pipe.closed || once(pipe, 'close')))
      // What it started and left behind may hold the pipes open.
      const late = new Promise((resolve) => setTimeout(resolve, 5_000).unref())
      Promise.race([printed, late]).then(() => end(code, signal))
    })
    child.on('error', (error) => {
      said.stderr += `${error.message}\n`
      said.all += `${error.message}\n`
      // One that never started has no 'exit'; any other error (a message that it no longer takes) is not its end.
      if (child.pid === undefined) end(null, null)
    })
  })
  const name = [file, ...args].join(' ').slice(0, 120)
  const failed = (how: string) => new Error(`${name} ${how}:\n${said.all.slice(-4_000)}`)
  const endedEarly = ended.then(({ code, signal }) => Promise.reject(failed(`ended early (${signal ?? code})`)))
  endedEarly.catch(() => {})

  const program: Program = {
    get pid() {
      if (child.pid === undefined) throw failed('did not start')
      return child.pid
    },
    child,
    printed: () => said.all,
    ended,
    orEnd: (wanted) => Promise.race([wanted, endedEarly]),
    firstWords: () =>
      program.orEnd(
        said.all === ''
          ? new Promise((resolve) => {
              child.stdout!.once('data', () => resolve())
            })
          : Promise.resolve(),
      ),
    async untilReady(isReady, seconds = 60) {
      const deadline = performance.now() + seconds * 1_000
      try {
        for (;;) {
          if (await program.orEnd(isReady().catch(() => false))) return
          if (performance.now() > deadline) throw failed(`is not ready after ${seconds} s`)
          await program.orEnd(new Promise((resolve) => setTimeout(resolve, 50)))
        }
      } catch (error) {
        await program.stop('SIGKILL')
        throw error
      }
    },
    async stop(signal = 'SIGTERM') {
      // Some live as long as their channel.
      if (child.connected) child.disconnect()
      signalGroup(child, signal)
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), 10_000)
      const ending = await ended
      clearTimeout(timer)
      return ending
    },
  }
  return program
}

/** Runs a program to its end; one that takes longer is killed, which its `signal` says. */
export async function runProgram(
  file: string,
  args: readonly string[],
  { timeoutMs = 60_000, ...options }: Options & { timeoutMs?: number } = {},
): Promise<Ending & { output: string }> {
  const program = startProgram(file, args, options)
  const timer = setTimeout(() => signalGroup(program.child, 'SIGKILL'), timeoutMs)
  const ending = await program.ended
  clearTimeout(timer)
  return { ...ending, output: ending.stdout + ending.stderr }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || !running.has(child)) return
  try {
    process.kill(-child.pid, signal)
  } catch {} // it has ended this instant
}
