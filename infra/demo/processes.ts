/** Child processes of the city: started one after another, stopped in reverse. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'

export type Running = { name: string; child: ChildProcess; exited: Promise<void> }

const running: Running[] = []
let stopping = false

/** Starts a Node script. Its output goes to a log file; an end that nobody asked for ends the city. */
export function launch(name: string, logFile: string, args: string[], extraEnv: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...extraEnv },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches only this process, which then stops the others in order.
    detached: true,
  })
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
  child.stdout?.pipe(log, { end: false })
  child.stderr?.pipe(log, { end: false })
  const exited = new Promise<void>((resolve) =>
    child.on('exit', (code, signal) => {
      log.end()
      resolve()
      if (stopping) return
      console.error(`${name} 意外退出 ended unexpectedly (${signal ?? `exit ${code}`}): see ${logFile}`)
      void stopAll().then(() => process.exit(1))
    }),
  )
  const started = { name, child, exited }
  running.push(started)
  return started
}

/** Asks each process to stop, last started first; kills what has not stopped after ten seconds. */
export async function stopAll(): Promise<void> {
  if (stopping) return
  stopping = true
  for (const { child, exited } of running.toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await exited
    clearTimeout(timer)
  }
}
