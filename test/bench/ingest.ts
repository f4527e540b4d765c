/**
 * `npm run bench -- ingest [rounds]`: observations a second that the centre commits durably on one core, and what each costs;
 * beside it, in the same run on the same machine, two usual designs. A round is 20,000 observations.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandPath } from '../support/machine.ts'
import { influx } from './ingest/influx.ts'
import type { Figures } from './ingest/measure.ts'
import { ours } from './ingest/ours.ts'
import { rows } from './ingest/rows.ts'

const sides: { [name: string]: (folder: string, rounds: number) => Promise<Figures> } = {
  ours,
  'sqlite-rows': rows,
  influxdb: influx,
}
const peerRounds = 20

const [first, second] = process.argv.slice(2)
if (first !== undefined && sides[first]) await runSide(first, Number(second))
else compare(Number(first ?? 60))

/** One side, alone in its process. */
async function runSide(name: string, rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'))
  try {
    console.log(JSON.stringify(await sides[name]!(folder, rounds)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function compare(rounds: number): void {
  const mine = inOwnProcess('ours', rounds)
  if (!mine) process.exit(1)
  const peers: { [name: string]: Figures } = {}
  for (const name of ['sqlite-rows', 'influxdb']) {
    if (name === 'influxdb' && !commandPath('influxd')) {
      console.log('influxdb: SKIPPED, there is no influxd on PATH')
      continue
    }
    const figures = inOwnProcess(name, Math.min(rounds, peerRounds))
    if (figures) peers[name] = figures
  }
  const ratios = Object.fromEntries(
    Object.entries(peers).flatMap(([name, peer]) => [
      [`${name} obs_per_s`, ratio(mine.obs_per_s, peer.obs_per_s)],
      [`${name} cpu`, ratio(peer.cpu_us_per_obs, mine.cpu_us_per_obs)],
    ]),
  )
  console.log(JSON.stringify({ bench: 'ingest', ours: mine, peers, ratios }))
}

/** Pinned to one core where taskset exists; what InfluxDB's server does is pinned with it. */
function inOwnProcess(name: string, rounds: number): Figures | null {
  const command = [process.execPath, fileURLToPath(import.meta.url), name, String(rounds)]
  const pinned = commandPath('taskset') ? ['taskset', '-c', '0', ...command] : command
  const { status, stdout } = spawnSync(pinned[0]!, pinned.slice(1), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) {
    console.log(`${name}: FAILED`)
    return null
  }
  const figures = JSON.parse(stdout.trim().split('\n').at(-1)!) as Figures
  console.log(
    `${name.padEnd(12)} ${figures.obs_per_s.toLocaleString('en')} obs/s  ${figures.cpu_us_per_obs} µs CPU each  (${figures.observations.toLocaleString('en')} in ${figures.seconds} s)`,
  )
  return figures
}

function ratio(a: number, b: number): number {
  return Number((a / b).toFixed(2))
}
