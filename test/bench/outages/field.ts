/** The field in virtual time: observations at every device as a gateway takes them, judged as the centre judges them, as events in order of decision. */
import { defaultHealthPolicy, type Evidence, expire, neverSeen, type OutageEvent, observe } from '@hub/core'
import { readScenario, rehearse, type TruthEntry } from '@hub/device-sims'
import { lasts, type Scenario, start } from './corpus.ts'
import { createDraw } from './draw.ts'

export type Decided = OutageEvent & { decidedAt: number }

const everyMs = 30_000
const quickMs = 3_500
/** How long an observation at a silent device takes. */
const timeoutMs = 5_000

/** Times of each device being cut, from the simulators' own ground truth. */
export function cutsOf(scenario: Scenario): Map<string, [from: number, to: number][]> {
  const cuts = new Map<string, [number, number][]>()
  const text = rehearse(readScenario(scenario.file, scenario.name), start, scenario.fleet)
  for (const line of text.split('\n').filter(Boolean)) {
    const { at, device, phase } = JSON.parse(line) as TruthEntry
    const own = cuts.get(device) ?? []
    cuts.set(device, own)
    if (phase === 'began') own.push([at, Number.POSITIVE_INFINITY])
    else own.at(-1)![1] = at
  }
  return cuts
}

/** Every change of state in the scenario, in the order in which the centre would tell it. */
export function play(scenario: Scenario, cuts = cutsOf(scenario)): Decided[] {
  const planned = new Set(scenario.causes.filter((c) => c.planned).flatMap((c) => c.devices))
  const events: Decided[] = []
  const shut = new Map(scenario.gateways.map((g) => [g.gateway, g]))
  for (const [n, device] of scenario.devices.entries()) {
    const own = cuts.get(device.id) ?? []
    const gateway = shut.get(device.gateway)
    if (own.length === 0 && !gateway) continue
    events.push(...history(device.id, own, gateway, planned.has(device.id), createDraw(scenario.seed * 7_919 + n)))
  }
  return events.sort((a, b) => a.decidedAt - b.decidedAt || a.at - b.at || (a.device < b.device ? -1 : 1))
}

function history(
  device: string,
  cuts: readonly [number, number][],
  gateway: Scenario['gateways'][number] | undefined,
  expected: boolean,
  draw: ReturnType<typeof createDraw>,
): Decided[] {
  const events: Decided[] = []
  const phase = draw.between(0, everyMs - 1)
  const isCut = (at: number) => cuts.some(([from, to]) => at >= from && at < to)
  let health = neverSeen
  let wrong = 0
  const note = (outcome: ReturnType<typeof observe>, decidedAt: number) => {
    health = outcome.health
    for (const e of outcome.effects) {
      if (e.kind !== 'transition') continue
      const to = e.to === 'degraded' ? 'up' : e.to
      const sign = to === 'unknown' ? (e.rule.id === 'stale' ? 'silent' : 'blind') : 'path'
      events.push({ device, to, at: e.at, sign, expected, decidedAt })
    }
  }
  for (let at = start + phase; at < start + lasts; ) {
    const shut = gateway && at >= start + gateway.from && at < start + gateway.to ? gateway.mode : undefined
    if (shut === 'silent') {
      at += everyMs
      note(expire(health, at - 5_000, defaultHealthPolicy), at)
      continue
    }
    const down = isCut(at)
    const verdict = shut === 'blind' ? 'blind' : down ? 'fail' : 'pass'
    const seen = { at, verdict, rung: verdict === 'pass' ? 'answers' : 'reachable', every: everyMs } as const
    const observation: Evidence = down ? { ...seen, reason: 'timeout' } : seen
    note(observe(health, observation, defaultHealthPolicy), at + (down ? timeoutMs : 20) + 1_000)
    wrong = verdict === 'fail' ? wrong + 1 : 0
    const quick = wrong > 0 && wrong < 3
    const grid = start + phase + (Math.floor((at - start - phase) / everyMs) + 1) * everyMs
    at = quick ? Math.min(grid, at + Math.max(quickMs, timeoutMs + 200)) : grid
    if (wrong > 20) at += everyMs
  }
  return events
}
