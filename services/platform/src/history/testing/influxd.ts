/** A real influxd 1.x with its own configuration, folder and port. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from '../../../../../test/support/ports.ts'
import { type Program, startProgram } from '../../../../../test/support/program.ts'

/** @param folder of its configuration; `store` of its data, where that is another. */
export async function createInfluxd(folder: string, store = folder) {
  const [http, rpc] = (await freePorts(2)) as [number, number]
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
  let server: Program | undefined
  return {
    url,
    async start() {
      server = startProgram('influxd', ['run', '-config', config])
      await server.untilReady(async () => (await fetch(`${url}/ping`)).ok)
    },
    async stop() {
      await server?.stop('SIGTERM')
    },
    async kill() {
      await server?.stop('SIGKILL')
    },
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
