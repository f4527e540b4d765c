import { createManualClock } from '@hub/platform'
import { expect, test } from 'vitest'
import { Camera } from './camera.ts'

const wrong = { said: 'no-stream', detail: 'RTSP 454' } as const
const right = { said: 'pass' } as const

/** A camera where nobody listens: port 9 is the discard service's, which no machine runs. */
function absentCamera() {
  const clock = createManualClock()
  const camera = new Camera({
    assigned: {
      kind: 'camera',
      id: '43040500001320000001',
      xaddr: 'http://127.0.0.1:9/onvif/device_service',
      credential: 'main',
      every: 30_000,
    },
    credential: undefined,
    clock,
    policy: {
      limits: { deadlineMs: 1_000, connectMs: 1_000, maxBytes: 65_536 },
      ...{ slowMs: 500, clockMs: 30_000, authenticateEvery: 10, describeEvery: 20, identifyAgainMs: 3_600_000 },
    },
  })
  const picture = () => camera.explain().rungs.find(({ rung }) => rung === 'decodes')?.said
  return { camera, clock, picture }
}

test('one wrong picture is in doubt, a second one counts, a right one ends it', async () => {
  const { camera, picture } = absentCamera()
  expect([camera.notePicture(wrong, false), picture()]).toEqual(['doubtful', 'nothing'])
  expect([camera.notePicture(right, false), picture()]).toEqual(['right', 'pass'])
  expect([camera.notePicture(wrong, false), picture()]).toEqual(['doubtful', 'pass'])
  expect([camera.notePicture(wrong, false), picture()]).toEqual(['wrong', 'no-stream'])
  expect([camera.notePicture(right, false), picture()]).toEqual(['right', 'pass'])
})

test('a wrong picture that an operator asked for counts at once', async () => {
  const { camera, picture } = absentCamera()
  expect([camera.notePicture(wrong, true), picture()]).toEqual(['wrong', 'no-stream'])
})

test('a login that is refused for a picture is one of the two that the stream allows', async () => {
  const { camera } = absentCamera()
  const left = () => camera.explain().credential.stream.triesLeft
  camera.notePicture({ said: 'unauthorised' }, false)
  expect(left()).toBe(1)
  camera.notePicture({ said: 'unauthorised' }, false)
  expect(left()).toBe(0)
  expect(camera.explain().rungs.find(({ rung }) => rung === 'describes')?.said).toBe('unauthorised')
  expect(camera.picturable).toBe(false)
})

test('what was wrong with the picture of a camera that went away is asked anew', async () => {
  const { camera, clock, picture } = absentCamera()
  camera.notePicture(wrong, true)
  const { observation } = await camera.look()
  expect(observation).toMatchObject({ verdict: 'fail', rung: 'reachable', reason: 'refused' })
  expect(picture()).toBe('nothing')
  expect(camera.pictureAt).toBeLessThanOrEqual(clock.now())
})
