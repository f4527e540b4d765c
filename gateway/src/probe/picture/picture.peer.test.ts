/** The rung `decodes` with real ffmpeg, at cameras of the simulators. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createSystemClock, silentLog } from '@hub/platform'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith } from '../../../../test/support/need.ts'
import { type Program, startProgram } from '../../../../test/support/program.ts'
import { createLoginBudgets } from '../../login/index.ts'
import { createPictures, picturePolicy } from './pictures.ts'

const sims = resolve(import.meta.dirname, '../../../../device-sims/src/main.ts')

describeWith('pictures', ['ffmpeg'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'))
  let fleet: { login: { user: string; password: string }; cameras: { id: string; ipAddress: string }[] }
  let ports: { rtsp: number }
  let control = 0
  let cameras: Program

  beforeAll(async () => {
    execFileSync(process.execPath, [
      sims,
      'fleet',
      '--cameras',
      '12',
      '--sensors',
      '0',
      '--net',
      '140',
      '--out',
      folder,
    ])
    fleet = JSON.parse(readFileSync(join(folder, 'fleet.json'), 'utf8'))
    const files = ['serve', '--fleet', join(folder, 'fleet.json'), '--control', '127.0.0.1:0', '--no-multicast']
    const anyPort = ['http', 'https', 'rtsp', 'discovery'].flatMap((name) => [`--${name}-port`, '0'])
    cameras = startProgram(process.execPath, [sims, ...files, ...anyPort], { ipc: true })
    const [ready] = await cameras.orEnd(once(cameras.child, 'message'))
    ;({ ports, control } = ready as { ports: { rtsp: number }; control: number })
  })
  afterAll(async () => {
    await cameras?.stop()
    rmSync(folder, { recursive: true })
  })

  const budgets = createLoginBudgets({ clock: createSystemClock() })
  const pictures = createPictures({
    clock: createSystemClock(),
    log: silentLog,
    policy: picturePolicy({ everyMinutes: 60, concurrency: 2 }),
  })
  const judge = (n: number, path = '/main', credential = fleet.login) => {
    const host = fleet.cameras[n]!.ipAddress
    // The host that the camera states is not believed.
    const budget = budgets.of(host, credential)
    return pictures.judge({ host, streamUri: `rtsp://192.0.2.1:${ports.rtsp}${path}`, credential, budget })
  }
  const begin = (n: number, fault: string) =>
    fetch(`http://127.0.0.1:${control}/faults`, {
      method: 'POST',
      body: JSON.stringify({ match: { id: fleet.cameras[n]!.id }, fault }),
    })

  test.each(['/main', '/sub'])('a picture that moves passes: %s', async (path) => {
    expect(await judge(0, path)).toEqual({ said: 'pass' })
  })
  test('a frozen picture is told as such', async () => {
    await begin(1, 'frozen')
    expect(await judge(1)).toEqual({ said: 'frozen', detail: 'the picture is the same 3 s later' })
  })
  test('a camera that shows nothing, one that refuses, one that has lost its power', async () => {
    await begin(3, 'power-off')
    expect(
      await Promise.all([judge(2, '/other'), judge(2, '/main', { user: 'admin', password: 'wrong' }), judge(3)]),
    ).toEqual([
      { said: 'no-stream', detail: 'RTSP 404 to DESCRIBE' },
      { said: 'unauthorised', detail: 'the stream refuses the credential', doubts: ['authenticated'] },
      { said: 'no-stream', detail: 'RTSP: ECONNRESET' },
    ])
  })
  test('no login is ever in the list of processes', async () => {
    const lists: string[] = []
    const spy = setInterval(() => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          lists.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
        } catch {} // it has ended meanwhile
      }
    }, 10)
    await judge(4)
    clearInterval(spy)
    expect(lists.some((line) => line.startsWith('ffmpeg\0'))).toBe(true)
    expect(lists.filter((line) => line.startsWith('ffmpeg\0') && line.includes(fleet.login.password))).toEqual([])
  })
})
