/**
 * The usual design of the same thing: a message for each look, which the broker keeps in its queue (QoS 1, persistent session) while the
 * centre is away. Once it is back, the consumer puts a row for each into SQLite, a thousand in a transaction; no state, no interval, no
 * figure is derived from them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { connect, connectAsync, type MqttClient } from 'mqtt'
import { until } from '../../e2e/support/until.ts'
import { commandPath } from '../../support/machine.ts'
import { freePort, isListening } from '../../support/ports.ts'
import { startProgram } from '../../support/program.ts'
import { cpuOf } from '../field/proc.ts'
import { looksOf } from './looks.ts'

const topic = 'city/observations'
const inTransaction = 1_000

/** @returns undefined when the program is not installed. */
export async function drainMosquitto(
  cameras: number,
  from: number,
  looks: number,
): Promise<{ obs_per_s: number; cpu_us: number } | undefined> {
  if (!commandPath('mosquitto')) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'))
  const port = await freePort()
  const config = join(folder, 'mosquitto.conf')
  const lines = ['allow_anonymous true', 'max_queued_messages 0', 'max_inflight_messages 1000', 'persistence true']
  writeFileSync(config, `listener ${port} 127.0.0.1\n${lines.join('\n')}\npersistence_location ${folder}/\nuser root\n`)
  const broker = startProgram('mosquitto', ['-c', config])
  let consumer: MqttClient | undefined
  try {
    const url = `mqtt://127.0.0.1:${port}`
    const session = { clientId: 'centre', clean: false } as const
    await broker.untilReady(() => isListening(port))
    const first = await connectAsync(url, session, false)
    await first.subscribeAsync(topic, { qos: 1 })
    await first.endAsync()

    const publisher = await connectAsync(url)
    let waiting: Promise<unknown>[] = []
    for (let n = 0, left = looks; left > 0; n = (n + 1) % cameras)
      for (const look of looksOf(n, from, Math.min(left, Math.ceil(looks / cameras)))) {
        left--
        waiting.push(publisher.publishAsync(topic, JSON.stringify(look), { qos: 1 }))
        if (waiting.length === inTransaction) {
          await Promise.all(waiting)
          waiting = []
        }
      }
    await Promise.all(waiting)
    await publisher.endAsync()

    const rows = new DatabaseSync(join(folder, 'rows.db'))
    rows.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE look (device, at, verdict, rung, reason, ms)',
    )
    const put = rows.prepare('INSERT INTO look VALUES (?, ?, ?, ?, ?, ?)')
    let stored = 0
    const cpu = cpuOf(broker.pid) + cpuOf(process.pid)
    const began = performance.now()
    rows.exec('BEGIN')
    consumer = connect(url, session)
    consumer.handleMessage = ({ payload }, done) => {
      const { device, at, verdict, rung, reason = null, ms = null } = JSON.parse(payload.toString())
      put.run(device, at, verdict, rung, reason, ms)
      if (++stored % inTransaction === 0) rows.exec('COMMIT; BEGIN')
      done()
    }
    await until(() => stored === looks, 300, 'the queue is empty', 20)
    rows.exec('COMMIT')
    const seconds = (performance.now() - began) / 1_000
    const used = cpuOf(broker.pid) + cpuOf(process.pid) - cpu
    rows.close()
    return { obs_per_s: Math.round(looks / seconds), cpu_us: Math.round((10 * used) / looks) / 10 }
  } finally {
    await consumer?.endAsync(true)
    await broker.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
