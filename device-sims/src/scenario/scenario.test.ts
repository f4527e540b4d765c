import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../clock.ts'
import { createFaults } from '../faults/faults.ts'
import { createTruthLog, type TruthEntry } from '../faults/truth.ts'
import { generateFleet } from '../fleet/generate.ts'
import { drive, rehearse, scheduleSteps } from './play.ts'
import { readScenario } from './scenario.ts'

const head = 'fleet: { seed: 7, cameras: 60, sensors: 24 }\nstart: 2026-03-01T00:00:00Z\nlasts: 1h\ntimeline:\n'
const start = Date.UTC(2026, 2, 1)
const play = (timeline: string) =>
  rehearse(readScenario(head + timeline, 'x'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as TruthEntry)

describe('a scenario', () => {
  it('has the same ground truth, byte for byte, for the same file, and another for another seed', () => {
    const text = readFileSync(new URL('../../scenarios/bad-day.yaml', import.meta.url), 'utf8')
    const first = rehearse(readScenario(text, 'bad-day'))
    expect(first.split('\n').length).toBeGreaterThan(100)
    expect(rehearse(readScenario(text, 'bad-day'))).toBe(first)
    expect(rehearse(readScenario(text.replace('seed: 7', 'seed: 8'), 'bad-day'))).not.toBe(first)
  })
  it('begins and ends faults at their virtual time', () => {
    const log = play("  - { at: 5m, fault: power-off, match: { district: '430405' }, for: 90s }\n")
    expect(new Set(log.map((e) => `${e.phase} ${e.at - start}`))).toEqual(new Set(['began 300000', 'ended 390000']))
    expect(log.every((e) => e.device.startsWith('430405'))).toBe(true)
  })
  it('meets exactly as many as counted, and spreads their beginnings', () => {
    const log = play('  - { at: 0, fault: slow, match: { kind: camera }, count: 20, spread: 1m, value: drip }\n')
    expect(new Set(log.map((e) => e.device)).size).toBe(20)
    expect(new Set(log.map((e) => e.at)).size).toBeGreaterThan(15)
    expect(Math.max(...log.map((e) => e.at))).toBeLessThan(start + 60_000)
    expect(log.map((e) => e.at)).toEqual(log.map((e) => e.at).sort((a, b) => a - b))
  })
  it('writes nothing after its end', () => {
    expect(play('  - { at: 59m, fault: frozen, for: 2m }\n').every((e) => e.phase === 'began')).toBe(true)
  })
  it('played in accelerated real time leaves the truth of the rehearsal', async () => {
    const scenario = readScenario(`${head}  - { at: 10m, fault: frozen, count: 9, spread: 20m, for: 7m }\n`, 'x')
    const { cameras, sensors } = generateFleet(scenario.fleet)
    const devices = [...cameras, ...sensors]
    const clock = manualClock(scenario.start!)
    const truth = createTruthLog()
    const faults = createFaults(devices, clock, truth, { begin() {}, end() {} })
    scheduleSteps(scenario, devices, faults, clock)
    await new Promise<void>((resolve) => drive(clock, scenario.lasts, 20_000, resolve))
    expect(truth.text()).toBe(rehearse(scenario))
    expect(truth.entries).toHaveLength(18)
  })
})

describe('a scenario file is refused', () => {
  it.each([
    ['fleet: [', 'cannot read x: '],
    ['fleet: { seed: 1, cameras: 5 }', 'timeline is missing: must be a list'],
    ['fleet: 5\nlasts: 1h\ntimeline: []', 'fleet is 5: must be a mapping'],
    [
      'fleet: { seed: -1, cameras: 5 }\nlasts: 1h\ntimeline: []',
      'fleet.seed is -1: must be a whole number from 0 to 4294967295',
    ],
    [
      'fleet: { seed: 1, cameras: 5 }\nlasts: soon\ntimeline: []',
      'lasts is soon: must be a duration such as 90s, 15m, 2h',
    ],
    [
      'fleet: { seed: 1, cameras: 5 }\nstart: yesterday\nlasts: 1h\ntimeline: []',
      'start is yesterday: must be now, or a time with its zone such as 2026-03-01T08:00:00+08:00',
    ],
    [
      `${head}  - { at: 1m, fault: fire }\n`,
      'timeline.0.fault is fire: must be one of power-off, network-cut, clock, password, slow, frozen',
    ],
    [`${head}  - { at: 1m, fault: slow, when: 2 }\n`, 'timeline.0.when is present: unknown key'],
    [
      `${head}  - { at: 1m, fault: clock, value: late }\n`,
      'timeline.0.value is late: must be seconds, at most 4e9 either way',
    ],
    [`${head}  - { fault: slow }\n`, 'timeline.0.at is missing: must be a duration such as 90s, 15m, 2h'],
    ['colour: red', 'scenario.colour is present: unknown key'],
  ])('%j', (text, message) => {
    expect(() => readScenario(text, 'x')).toThrow(message)
  })
})
