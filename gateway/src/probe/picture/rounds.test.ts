import { createManualClock } from '@hub/platform'
import { expect, test } from 'vitest'
import type { RungResult } from '../rung.ts'
import { type Pictured, PictureRounds, weigh } from './rounds.ts'

const wrong: RungResult = { said: 'no-stream', detail: 'RTSP 454' }
const right: RungResult = { said: 'pass' }
const everyMs = 3_600_000

/** A camera whose pictures are as the test says. */
function bench() {
  const clock = createManualClock()
  const said: RungResult[] = []
  const noted: [RungResult['said'], boolean][] = []
  const camera: Pictured = {
    id: '43040500001320000001',
    every: 30_000,
    picturable: true,
    judgePicture: async () => said.shift(),
    notePicture: (result, counts) => void noted.push([result.said, counts]),
  }
  const rounds = new PictureRounds<Pictured>(clock, everyMs)
  const round = rounds.add(camera)
  const take = (result: RungResult | undefined, asked = false) => {
    if (result) said.push(result)
    return rounds.take(round, asked)
  }
  return { clock, rounds, round, take, noted, inMs: () => round.dueAt - clock.now() }
}

test('one wrong picture is in doubt, a second one counts, a right one ends it', async () => {
  const { take, noted } = bench()
  expect([await take(wrong), await take(right), await take(wrong), await take(wrong), await take(right)]).toEqual([
    'doubtful',
    'right',
    'doubtful',
    'wrong',
    'right',
  ])
  expect(noted).toEqual([
    ['no-stream', false],
    ['pass', true],
    ['no-stream', false],
    ['no-stream', true],
    ['pass', true],
  ])
})

test('a wrong picture that an operator asked for counts at once', async () => {
  const { take } = bench()
  expect(await take(wrong, true)).toBe('wrong')
})

test('a doubtful picture is taken again after two probes, a wrong one after five minutes, a right one in its period', async () => {
  const { take, inMs } = bench()
  await take(wrong)
  expect(inMs()).toBe(60_000)
  await take(wrong)
  expect(inMs()).toBe(300_000)
  await take(right)
  expect(inMs()).toBe(everyMs)
})

test('what cannot be judged proves nothing', async () => {
  const { take, noted, inMs } = bench()
  await take(undefined)
  expect([noted, inMs()]).toEqual([[], everyMs])
})

test('the first pictures of a fleet are spread, and one is due again at once when it is asked anew', () => {
  const { rounds, round, clock } = bench()
  expect(rounds.isDue(round)).toBe(false)
  rounds.begin(round, 100)
  expect(round.dueAt - clock.now()).toBeLessThan(200_000)
  rounds.again(round)
  expect(rounds.isDue(round)).toBe(true)
})

test('pictures that are never taken are never due', async () => {
  const rounds = new PictureRounds<Pictured>(createManualClock(), 0)
  const round = rounds.add({
    id: 'x',
    every: 1,
    picturable: true,
    judgePicture: () => Promise.reject(new Error('asked')),
    notePicture: () => {},
  })
  rounds.begin(round, 1)
  rounds.again(round)
  expect([rounds.isDue(round), await rounds.take(round, true)]).toEqual([false, undefined])
})

test.each([
  [false, false, false, 'right'],
  [false, true, true, 'right'],
  [true, false, false, 'doubtful'],
  [true, true, false, 'wrong'],
  [true, false, true, 'wrong'],
] as const)('wrong %s, doubtful before %s, asked %s: %s', (isWrong, doubtful, asked, standing) => {
  expect(weigh(isWrong, doubtful, asked)).toBe(standing)
})
