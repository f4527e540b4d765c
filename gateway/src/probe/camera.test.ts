import { createManualClock } from '@hub/platform'
import { expect, test } from 'vitest'
import { createLoginBudgets } from '../login/index.ts'
import { Camera } from './camera.ts'
import { rungs } from './rungs/index.ts'

/** A camera where nobody listens: port 9 is the discard service's, which no machine runs. */
function absentCamera() {
  const clock = createManualClock()
  const camera = new Camera({
    rungs,
    assigned: {
      kind: 'camera',
      id: '43040500001320000001',
      xaddr: 'http://127.0.0.1:9/onvif/device_service',
      credential: 'main',
      every: 30_000,
    },
    credential: undefined,
    budgets: createLoginBudgets({ clock }),
    clock,
    policy: {
      limits: { deadlineMs: 1_000, connectMs: 1_000, maxBytes: 65_536 },
      slowMs: 500,
      clockMs: 30_000,
      authenticateEvery: 10,
      describeEvery: 20,
    },
  })
  const said = (name: string) => camera.explain(null).rungs.find(({ rung }) => rung === name)?.said
  return { camera, said }
}

test('what a picture said is of the rung that decodes, and is only noted when it counts', () => {
  const { camera, said } = absentCamera()
  camera.notePicture({ said: 'no-stream', detail: 'RTSP 454' }, false)
  expect(said('decodes')).toBe('nothing')
  camera.notePicture({ said: 'no-stream', detail: 'RTSP 454' }, true)
  expect(said('decodes')).toBe('no-stream')
  camera.notePicture({ said: 'pass' }, true)
  expect(said('decodes')).toBe('pass')
})

test('a login that is refused for a picture is said of the stream, and no picture is taken of it', () => {
  const { camera, said } = absentCamera()
  camera.notePicture({ said: 'unauthorised', doubts: ['authenticated'] }, true)
  expect([said('describes'), said('decodes')]).toEqual(['unauthorised', 'nothing'])
  expect(camera.picturable).toBe(false)
  expect(camera.explain(null).rungs[0]).toMatchObject({ rung: 'authenticated', in: 0 })
})

test('what was wrong with the picture of a camera that went away is asked anew', async () => {
  const { camera, said } = absentCamera()
  camera.notePicture({ said: 'no-stream' }, true)
  const { observation, pictureForgotten } = await camera.probe()
  expect(observation).toMatchObject({ verdict: 'fail', rung: 'reachable', reason: 'refused' })
  expect([pictureForgotten, said('decodes')]).toEqual([true, 'nothing'])
  expect((await camera.probe()).pictureForgotten).toBe(false)
})
