import { expect, test } from 'vitest'
import { type HealthRung, judgeProbe, type SlowRung } from './verdict.ts'

const well: HealthRung = { ms: 20, clockOffsetMs: 100 }
const rung = (name: SlowRung['rung'], said: SlowRung['said']): SlowRung => ({ rung: name, said })
const passed = [rung('authenticated', 'pass'), rung('describes', 'pass')]

test.each<[string, HealthRung, SlowRung[], object]>([
  ['nothing wrong, nothing else asked', well, [rung('authenticated', 'nothing')], { verdict: 'pass', rung: 'answers' }],
  ['the highest rung that passed is named', well, passed, { verdict: 'pass', rung: 'describes' }],
  [
    'no connection',
    { fault: { rung: 'reachable', reason: 'timeout' } },
    passed,
    { verdict: 'fail', rung: 'reachable', reason: 'timeout' },
  ],
  [
    'no ONVIF',
    { fault: { rung: 'answers', reason: 'malformed' } },
    passed,
    { verdict: 'fail', rung: 'answers', reason: 'malformed' },
  ],
  [
    'our own network',
    { fault: { rung: 'reachable', reason: 'gateway-network' } },
    passed,
    { verdict: 'blind', rung: 'reachable', reason: 'gateway-network' },
  ],
  [
    'the password',
    well,
    [rung('authenticated', 'unauthorised')],
    { verdict: 'degraded', rung: 'authenticated', reason: 'unauthorised' },
  ],
  [
    'the lowest of two',
    well,
    [rung('authenticated', 'soap-fault'), rung('describes', 'no-stream')],
    { verdict: 'degraded', rung: 'authenticated', reason: 'soap-fault' },
  ],
  [
    'the clock, ahead',
    { ms: 1, clockOffsetMs: 30_001 },
    passed,
    { verdict: 'degraded', rung: 'answers', reason: 'clock' },
  ],
  [
    'the clock, behind',
    { ms: 1, clockOffsetMs: -3_600_000 },
    passed,
    { verdict: 'degraded', rung: 'answers', reason: 'clock' },
  ],
  ['a clock that is not told', { ms: 1, clockOffsetMs: null }, passed, { verdict: 'pass', rung: 'describes' }],
  ['slow', { ms: 2_001, clockOffsetMs: 0 }, passed, { verdict: 'degraded', rung: 'answers', reason: 'slow' }],
])('%s', (_, health, slow, judged) => {
  expect(judgeProbe(health, slow, { slowMs: 2_000, clockMs: 30_000 })).toEqual(judged)
})
