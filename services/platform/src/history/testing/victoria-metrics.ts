/** A real VictoriaMetrics, which takes what InfluxDB 2.x takes, with its own folder and port. */
import { freePort } from '../../../../../test/support/ports.ts'
import { startProgram } from '../../../../../test/support/program.ts'

/** One stored series: labels, and what was measured when (UTC milliseconds). */
export type Stored = { metric: { __name__: string; [label: string]: string }; values: number[]; timestamps: number[] }

/** @param folder of its data. */
export async function startVictoriaMetrics(folder: string) {
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  const server = startProgram(
    'victoria-metrics',
    // What is older than it keeps, or more than two days ahead, it would leave out.
    [`-httpListenAddr=${address}`, `-storageDataPath=${folder}`, '-retentionPeriod=100y', '-loggerLevel=WARN'],
  )
  const text = async (path: string): Promise<string> => {
    const answer = await fetch(`${url}${path}`)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.text()
  }
  await server.untilReady(async () => (await fetch(`${url}/health`)).ok)
  return {
    url,
    /** Of its own figures, the sum of those that begin so. */
    async figure(start: string): Promise<number> {
      const lines = (await text('/metrics')).split('\n').filter((line) => line.startsWith(start))
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    },
    /** All that it holds. */
    async stored(): Promise<Stored[]> {
      await text('/internal/force_flush')
      const query = new URLSearchParams({ 'match[]': '{__name__=~".+"}', start: '0' })
      const lines = (await text(`/api/v1/export?${query}`)).split('\n').filter((line) => line !== '')
      return lines.map((line): Stored => JSON.parse(line))
    },
    async stop() {
      await server.stop()
    },
  }
}
