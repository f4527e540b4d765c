/** The usual design: a heartbeat a minute and device in a real InfluxDB 1.x, and what it leaves on disk once that is compacted. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dayMs } from '@hub/core'
import { startInfluxd } from '../influxd.ts'

const pointsAWrite = 5_000
const calmMs = 4_000

/** @returns bytes a device-day */
export async function heartbeats(folder: string, devices: number, days: number): Promise<number> {
  const cold = ['cache-snapshot-write-cold-duration = "1s"', 'compact-full-write-cold-duration = "1s"']
  const influxd = await startInfluxd(folder, cold)
  try {
    const startAt = Date.parse('2026-09-01T00:00:00Z')
    let lines: string[] = []
    const write = async () => {
      const answer = await fetch(`${influxd.url}/write?db=bench&precision=ms`, {
        method: 'POST',
        body: lines.join('\n'),
      })
      if (!answer.ok) throw new Error(await answer.text())
      lines = []
    }
    for (let at = startAt; at < startAt + days * dayMs; at += 60_000)
      for (let n = 0; n < devices; n++) {
        const id = `43040500001320${String(n).padStart(6, '0')}`
        const ms = 20 + (((n * 7 + at / 60_000) * 7_919) % 60)
        lines.push(`heartbeat,device=${id},district=${id.slice(0, 6)} up=1i,ms=${ms} ${at + ((n * 977) % 60_000)}`)
        if (lines.length >= pointsAWrite) await write()
      }
    if (lines.length > 0) await write()
    // What is in the log is written twice: it is done when the log is empty and the files no longer change.
    const [data, log] = [join(folder, 'data'), join(folder, 'wal')]
    for (let was = -1, since = performance.now(); performance.now() - since < calmMs; await sleep(200)) {
      const is = bytesUnder(data, '.tsm')
      if (is !== was || bytesUnder(log, '.wal') > 0) since = performance.now()
      was = is
    }
    return bytesUnder(data, '.tsm') / (devices * days)
  } finally {
    await influxd.stop()
  }
}

/** @param ending of the files' names: the index of the series is made larger than it is */
const bytesUnder = (folder: string, ending: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
