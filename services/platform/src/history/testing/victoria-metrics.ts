/** A real VictoriaMetrics, which takes what InfluxDB 2.x takes, with its own folder and port. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '../../testing/free-port.ts'

/** Says why, where there is none. */
export const isInstalled = (): boolean => {
  try {
    execFileSync('victoria-metrics', ['-version'], { stdio: 'ignore' })
    return true
  } catch {
    console.warn('skipped: victoria-metrics is not on PATH (apt-get install victoria-metrics)')
    return false
  }
}

/** One stored series: labels, and what was measured when (UTC milliseconds). */
export type Stored = { metric: { __name__: string; [label: string]: string }; values: number[]; timestamps: number[] }

/** @param folder of its data. */
export async function startVictoriaMetrics(folder: string) {
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  const server = spawn(
    'victoria-metrics',
    // What is older than it keeps, or more than two days ahead, it would leave out.
    [`-httpListenAddr=${address}`, `-storageDataPath=${folder}`, '-retentionPeriod=100y', '-loggerLevel=WARN'],
    { stdio: 'ignore' },
  )
  const text = async (path: string): Promise<string> => {
    const answer = await fetch(`${url}${path}`)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.text()
  }
  for (let tries = 0; !(await fetch(`${url}/health`).catch(() => undefined))?.ok; tries++) {
    if (tries > 200) throw new Error('victoria-metrics does not answer')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
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
      if (server.exitCode !== null || server.signalCode !== null) return
      const ended = once(server, 'exit')
      server.kill('SIGTERM')
      await ended
    },
  }
}
