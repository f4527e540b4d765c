/** A real InfluxDB 1.x for a benchmark: its own folder and ports, no reporting, no log of queries. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from '../support/ports.ts'
import { startProgram } from '../support/program.ts'

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
  const server = startProgram('influxd', ['-config', config])
  await server.untilReady(async () => (await fetch(`${url}/ping`)).ok)
  await fetch(`${url}/query`, { method: 'POST', body: new URLSearchParams({ q: 'CREATE DATABASE bench' }) })
  return {
    url,
    pid: server.pid,
    async stop() {
      await server.stop()
    },
  }
}
