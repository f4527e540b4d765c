/** The usual time-series design: each observation a heartbeat point in a real InfluxDB 1.x, written by its own client. */
import { readFileSync } from 'node:fs'
import { type Observation, ObservationBatch } from '@hub/contracts'
import { InfluxDB, Point } from '@influxdata/influxdb-client'
import { startInfluxd } from '../influxd.ts'
import { devicesOfGateway, makeLoad } from './load.ts'
import { type Figures, measure, warmUpRounds } from './measure.ts'

/** 5,000 points in one request, as InfluxData advises. */
const batchesAWrite = 5

export async function influx(folder: string, roundCount: number): Promise<Figures> {
  const { url, pid, stop } = await startInfluxd(folder)
  try {
    const writer = new InfluxDB({ url }).getWriteApi('', '', 'ms', {
      batchSize: 2 * batchesAWrite * devicesOfGateway,
      flushInterval: 0,
      maxRetries: 3,
    })
    writer.path = '/write?db=bench&precision=ms'
    const load = makeLoad(warmUpRounds + roundCount, Date.now() - 5 * 86_400_000)
    const write = async (round: Buffer[]) => {
      for (const [g, payload] of round.entries()) {
        for (const o of ObservationBatch.parse(JSON.parse(payload.toString())).observations)
          writer.writePoint(pointOf(o))
        // `flush` waits only for what is still buffered, so the client must not send by itself.
        if (g % batchesAWrite === batchesAWrite - 1) await writer.flush()
      }
    }
    for (const round of load.rounds.slice(0, warmUpRounds)) await write(round)
    const before = cpuSecondsOf(pid)
    const measured = roundCount * load.devices.length
    const figures = await measure(measured, async () => {
      for (const round of load.rounds.slice(warmUpRounds)) await write(round)
    })
    const serverUs = ((cpuSecondsOf(pid) - before) * 1e6) / measured
    await writer.close()
    const stored = await countPoints(url)
    if (stored !== load.observations) throw new Error(`${stored} of ${load.observations} points are in InfluxDB`)
    return { ...figures, cpu_us_per_obs: Number((figures.cpu_us_per_obs + serverUs).toFixed(2)) }
  } finally {
    await stop()
  }
}

function pointOf(o: Observation): Point {
  const point = new Point('heartbeat').tag('device', o.device).tag('kind', o.kind).stringField('verdict', o.verdict)
  if (o.ms !== undefined) point.floatField('ms', o.ms)
  for (const [name, value] of Object.entries(o.values ?? {})) point.floatField(name, value)
  return point.timestamp(o.at)
}

async function countPoints(url: string): Promise<number> {
  const answer = await fetch(`${url}/query?db=bench&q=${encodeURIComponent('SELECT count(verdict) FROM heartbeat')}`)
  const { results } = (await answer.json()) as { results: { series: { values: [string, number][] }[] }[] }
  return results[0]!.series[0]!.values[0]![1]
}

/** User and system time of a process, from /proc (Linux): 100 ticks a second. */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
