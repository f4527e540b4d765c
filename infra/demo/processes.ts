/** Child processes of a city: started one after another, stopped in reverse. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'

type Running = { name: string; child: ChildProcess; exited: Promise<void> }

export type Processes = {
  /** Starts a Node script, or another program; its output is appended to a log file. */
  launch(name: string, logFile: string, args: string[], extraEnv?: Record<string, string>, program?: string): void
  /** Of the one last launched under this name. @throws when there is none */
  pidOf(name: string): number
  /** Sends a signal and waits for the end: SIGKILL is a crash, which is then not reported as unexpected. */
  end(name: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Holds a process up where it stands (SIGSTOP), or lets it go on (SIGCONT). */
  signal(name: string, signal: 'SIGSTOP' | 'SIGCONT'): void
  /** Asks each process to stop, last started first; kills what has not stopped after ten seconds. */
  stopAll(): Promise<void>
}

export function createProcesses(onUnexpectedEnd: (name: string, how: string, logFile: string) => void): Processes {
  const running: Running[] = []
  const asked = new Set<ChildProcess>()
  // Whatever ends this process, nothing it started is left behind.
  process.on('exit', () => {
    for (const { child } of running) child.kill('SIGKILL')
  })

  async function stop({ child, exited }: Running, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    asked.add(child)
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await exited
    clearTimeout(timer)
  }

  return {
    launch(name, logFile, args, extraEnv = {}, program = process.execPath) {
      const child = spawn(program, args, {
        env: { ...process.env, ...extraEnv },
        stdio: ['ignore', 'pipe', 'pipe'],
        // A group of its own: Ctrl-C reaches only this process, which then stops the others in order.
        detached: true,
      })
      const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
      child.stdout?.pipe(log, { end: false })
      child.stderr?.pipe(log, { end: false })
      // A log that can no longer be written (the disk is full) must not end the city.
      log.on('error', (error) => console.error(`${logFile}: ${error.message}`))
      const exited = new Promise<void>((resolve) => {
        const end = (how: string) => {
          log.end()
          resolve()
          if (!asked.has(child)) onUnexpectedEnd(name, how, logFile)
        }
        child.on('exit', (code, signal) => end(signal ?? `exit ${code}`))
        // A program that is not there has no exit.
        child.on('error', (error) => child.pid === undefined && end(error.message))
      })
      running.push({ name, child, exited })
    },

    pidOf(name) {
      const pid = running.findLast((one) => one.name === name)?.child.pid
      if (pid === undefined) throw new Error(`${name} does not run`)
      return pid
    },

    async end(name, signal) {
      const index = running.findLastIndex((one) => one.name === name)
      const [one] = running.splice(index, 1)
      if (one) await stop(one, signal)
    },

    signal(name, signal) {
      running.findLast((one) => one.name === name)?.child.kill(signal)
    },

    async stopAll() {
      for (const one of running.splice(0).reverse()) await stop(one, 'SIGTERM')
    },
  }
}
