/**
 * `npm run bench -- linkage [alarms]`: from the alarm at the gateway's uplink to the incident with its cameras chosen and their presets
 * answered, one alarm after another, 20,000 devices registered. The cameras are simulated heads that need 80 ms for the way, which is part
 * of the chain. The Node-RED peer of the same chain is not built.
 */
import { readFileSync } from 'node:fs'
import type { RuleDraft } from '@hub/contracts'
import { moved, type SceneDevice, sceneId, startScene } from '../support/linkage/scene.ts'

const alarms = Number(process.argv[2] ?? 100)
const devices = 20_000
const turning = { ptzType: '1', maxViewDistance: 200 }
const every = { deadlineSeconds: 30, retries: 2 }
const rule: RuleDraft = {
  name: '积水联动',
  when: { kind: 'measure', measure: 'water_level', compare: 'above', threshold: 1, holdSeconds: 0, hysteresis: 0.2 },
  where: {},
  schedule: null,
  restSeconds: 0,
  mostPerHour: 10_000,
  actions: [
    {
      kind: 'open-incident',
      ...every,
      title: '道路积水',
      class: 'natural-disaster',
      type: 'flood',
      level: 3,
      joinMetres: 0,
      joinMinutes: 0,
    },
    { kind: 'choose-cameras', ...every, radius: 200, most: 3 },
    { kind: 'preset', ...every, name: '路口东' },
  ],
}
/** A sensor for each alarm, and three cameras around it; the others are spread over the city. */
const city = { longitude: 112.3, latitude: 26.5 }
const sensors = Array.from({ length: alarms }, (_, n): SceneDevice => {
  const place = moved(city, Math.floor(n / 20) * 1_000, (n % 20) * 1_000)
  return { id: sceneId('sensor', n), kind: 'sensor', ...place }
})
const cameras = Array.from({ length: devices - alarms }, (_, n): SceneDevice => {
  const near = n < 3 * alarms
  const place = near
    ? moved(sensors[Math.floor(n / 3)]!, 20 + 10 * (n % 3), 30)
    : moved(city, 60_000 + Math.floor(n / 150) * 100, (n % 150) * 100)
  return { id: sceneId('camera', n), kind: 'camera', ...place, record: turning }
})

const scene = await startScene([...sensors, ...cameras], rule)
try {
  const sentAt = new Map<string, number>()
  const cpuTicks = () => {
    const [, rest = ''] = readFileSync(`/proc/${scene.pid}/stat`, 'utf8').split(') ')
    const fields = rest.split(' ')
    return Number(fields[11]) + Number(fields[12])
  }
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  await pause(5_000)
  const idle = cpuTicks()
  await pause(5_000)
  const before = cpuTicks()
  const began = Date.now()
  for (const { id } of sensors) {
    sentAt.set(id, Date.now())
    scene.alarm(id, 2)
    await pause(150)
  }
  const unfinished = "SELECT count(*) AS n FROM linkage_run WHERE state = 'finished'"
  for (let n = 0; n < 300 && (scene.ask<{ n: number }>(unfinished)[0]?.n ?? 0) < alarms; n++) await pause(200)
  const seconds = (Date.now() - began) / 1_000
  const cpuMs = ((cpuTicks() - before) * 10 - ((before - idle) * 10 * seconds) / 5) / alarms
  const rows = scene.ask<{ device: string; at: number; presets: number; opened: number; sent: number }>(
    `SELECT json_extract(r."trigger", '$.device') AS device, max(a.finished_at) AS at, r.at AS opened,
       min(CASE WHEN a.kind = 'preset' THEN a.started_at END) AS sent, sum(a.kind = 'preset' AND a.state = 'done') AS presets
     FROM linkage_run r JOIN linkage_action a ON a.run = r.id GROUP BY r.id`,
  )
  const since = (of: (row: (typeof rows)[number]) => number) =>
    rows.map((row) => of(row) - sentAt.get(row.device)!).sort((a, b) => a - b)
  const times = since(({ at }) => at)
  const at = (share: number, sorted = times) => sorted[Math.floor(share * (sorted.length - 1))]
  const presets = rows.reduce((sum, row) => sum + row.presets, 0)
  console.log(
    JSON.stringify({
      bench: 'linkage',
      devices,
      alarms,
      finished: times.length,
      presets_answered: presets,
      incident_p50_ms: at(
        0.5,
        since(({ opened }) => opened),
      ),
      presets_sent_p50_ms: at(
        0.5,
        since(({ sent }) => sent),
      ),
      chain_p50_ms: at(0.5),
      chain_p95_ms: at(0.95),
      chain_p99_ms: at(0.99),
      cpu_ms_per_alarm: Number(cpuMs.toFixed(1)),
      peers: {},
    }),
  )
} finally {
  await scene.stop()
}
