/**
 * A flood: a thousand alarms in ten seconds, and the hub is killed in the middle. Incidents are as the rule says, nothing is lost, and every
 * action was done exactly once by what the simulated devices wrote down.
 */
import type { RuleDraft } from '@hub/contracts'
import { expect, it } from 'vitest'
import { moved, sceneId, siren, startScene } from '../support/linkage/scene.ts'
import { seeded } from './support/random.ts'
import { sleep, until } from './support/until.ts'

const rounds = Number(process.env.STORM_ROUNDS ?? 2)
const first = Number(process.env.STORM_SEED ?? 1)
const places = 20
const alarms = 1_000
const lastsMs = 10_000
const turning = { ptzType: '1', maxViewDistance: 200 }
const every = { deadlineSeconds: 120, retries: 5 }

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
      joinMetres: 400,
      joinMinutes: 60,
    },
    { kind: 'choose-cameras', ...every, radius: 300, most: 4 },
    { kind: 'preset', ...every, name: '路口东' },
    { kind: 'field-command', ...every, device: siren, command: 'sound' },
    { kind: 'notify', ...every, importance: 'high' },
  ],
}

it.each(Array.from({ length: rounds }, (_, n) => first + n))('a flood with a crash in it, seed %i', async (seed) => {
  const random = seeded(seed)
  const centres = Array.from({ length: places }, (_, n) =>
    moved({ longitude: 112.6, latitude: 26.9 }, Math.floor(n / 5) * 2_000, (n % 5) * 2_000),
  )
  const near = (place: number, spread: number) =>
    moved(centres[place]!, (random() - 0.5) * spread, (random() - 0.5) * spread)
  const sensors = Array.from({ length: alarms }, (_, n) => ({
    id: sceneId('sensor', n),
    kind: 'sensor' as const,
    ...near(n % places, 200),
  }))
  const cameras = Array.from({ length: places * 8 }, (_, n) => ({
    id: sceneId('camera', n),
    kind: 'camera' as const,
    record: turning,
    ...near(n % places, 150),
  }))
  const scene = await startScene([...sensors, ...cameras], rule)
  try {
    const begun = Date.now()
    const crashAt = begun + lastsMs * (0.2 + 0.6 * random())
    let crash: Promise<void> | undefined
    for (const [n, { id }] of sensors.entries()) {
      const due = begun + (n * lastsMs) / alarms
      if (due > Date.now()) await sleep(due - Date.now())
      if (!crash && Date.now() >= crashAt) crash = scene.kill().then(scene.start)
      scene.alarm(id, 2)
    }
    await crash
    await until(async () => scene.unacked === 0, 60, 'every batch is acknowledged')
    const count = (sql: string) => scene.ask<{ n: number }>(sql)[0]!.n
    await until(
      async () =>
        count('SELECT count(*) AS n FROM linkage_run') >= alarms &&
        count("SELECT count(*) AS n FROM linkage_run WHERE state <> 'finished'") === 0,
      180,
      'every run is finished',
    )
    expect(count('SELECT count(*) AS n FROM linkage_run')).toBe(alarms)
    expect(scene.ask("SELECT count(*) AS n FROM incident WHERE type = 'flood'")).toEqual([{ n: places }])
    expect(scene.ask('SELECT DISTINCT reports FROM incident')).toEqual([{ reports: alarms / places }])
    const states = scene.ask(
      "SELECT kind, state, reason, count(*) AS n FROM linkage_action WHERE state NOT IN ('done') AND reason IS NOT 'done-before' GROUP BY 1, 2, 3",
    )
    expect(states).toEqual([])

    const chosen = scene.ask<{ device: string }>('SELECT device FROM incident_camera').map(({ device }) => device)
    const acts = scene.acts()
    const turned = acts.filter(({ device }) => device !== siren).map(({ device }) => device)
    expect(turned.toSorted()).toEqual(chosen.toSorted())
    const sounded = acts.filter(({ device }) => device === siren)
    expect(sounded).toHaveLength(places)
    expect(new Set(acts.map(({ key }) => key)).size).toBe(acts.length)
    const attempts = count("SELECT sum(attempts) AS n FROM linkage_action WHERE state = 'done'")
    console.log(
      JSON.stringify({
        seed,
        runs: alarms,
        incidents: places,
        turned: turned.length,
        sounded: sounded.length,
        attempts,
        ms: Date.now() - begun,
      }),
    )
  } finally {
    await scene.stop()
  }
})
