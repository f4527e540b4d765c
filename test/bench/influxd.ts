/** A real InfluxDB 1.x for a benchmark: its own folder and ports, no reporting, no log of queries. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../e2e/support/ports.ts'

export type Influxd = { url: string; pid: number; stop(): Promise<void> }

/** With an empty database `bench`. `data`: more lines of the configuration's section of that name. Its data is in `folder`/data. */
export async function startInfluxd(folder: string, data: readonly string[] = []): Promise<Influxd> {
  const [http, rpc] = await freePorts(2)
  const url = `http://127.0.0.1:${http}`
  const config = join(folder, 'influxdb.conf')
  writeFileSync(
    config,
    `reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  query-log-enabled = false
${data.map((line) => `  ${line}\n`).join('')}[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
[monitor]
  store-enabled = false
[logging]
  level = "error"
`,
  )
  const server = spawn('influxd', ['-config', config], { stdio: 'ignore' })
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    server.kill()
    await once(server, 'exit')
  }
  try {
    await once(server, 'spawn')
    await untilReady(url)
    await fetch(`${url}/query`, { method: 'POST', body: new URLSearchParams({ q: 'CREATE DATABASE bench' }) })
  } catch (error) {
    await stop()
    throw error
  }
  return { url, pid: server.pid!, stop }
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const answered = await fetch(`${url}/ping`).then(
      (r) => r.ok,
      () => false,
    )
    if (answered) return
    await sleep(100)
  }
  throw new Error('influxd did not start')
}
