/** A real influxd 1.x with its own configuration, folder and port. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../testing/free-port.ts'

/** Says why, where there is none. */
export const isInstalled = (): boolean => {
  try {
    execFileSync('influxd', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    console.warn('skipped: influxd is not on PATH (apt-get install influxdb)')
    return false
  }
}

/** @param folder of its configuration; `store` of its data, where that is another. */
export async function createInfluxd(folder: string, store = folder) {
  const [http, rpc] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${http}`
  const config = join(folder, 'influxdb.conf')
  writeFileSync(
    config,
    `reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${store}/data"
  wal-dir = "${store}/wal"
[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
[monitor]
  store-enabled = false
`,
  )
  let process: ChildProcess | undefined
  const end = async (signal: NodeJS.Signals) => {
    if (!process || process.exitCode !== null || process.signalCode !== null) return
    const ended = once(process, 'exit')
    process.kill(signal)
    await ended
  }
  return {
    url,
    async start() {
      process = spawn('influxd', ['run', '-config', config], { stdio: 'ignore' })
      for (let tries = 0; ; tries++) {
        const answer = await fetch(`${url}/ping`).catch(() => undefined)
        if (answer?.ok) return
        if (tries > 200) throw new Error('influxd does not answer')
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    /** One column of an answer, straight from the server. */
    async ask(database: string, policy: string, statement: string): Promise<(string | number | null)[][]> {
      const query = new URLSearchParams({ db: database, rp: policy, epoch: 'ms', q: statement })
      const answer = await (await fetch(`${url}/query`, { method: 'POST', body: query })).json()
      return (answer as { results: { series?: { values: (string | number | null)[][] }[] }[] }).results.flatMap(
        ({ series = [] }) => series.flatMap(({ values }) => values),
      )
    },
  }
}
