/** The rung `decodes` with real ffmpeg, at cameras of the simulators. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createSystemClock, silentLog } from '@hub/platform'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPictures, picturePolicy } from './pictures.ts'

const sims = resolve(import.meta.dirname, '../../../../device-sims/src/main.ts')

function hasFfmpeg(): boolean {
  try {
    execFileSync('ffmpeg', ['-version'], { stdio: 'ignore' })
    return true
  } catch {
    console.warn('skipped: ffmpeg is not installed')
    return false
  }
}

describe.skipIf(!hasFfmpeg())('pictures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'))
  let fleet: { login: { user: string; password: string }; cameras: { id: string; ipAddress: string }[] }
  let ports: { rtsp: number }
  let control = 0
  let child: ReturnType<typeof spawn>

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
    child = spawn(process.execPath, [sims, ...files, ...anyPort], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    ;[{ ports, control }] = (await once(child, 'message')) as [{ ports: { rtsp: number }; control: number }]
  }, 20_000)
  afterAll(async () => {
    child.disconnect()
    await once(child, 'exit')
    rmSync(folder, { recursive: true })
  })

  const pictures = createPictures({
    clock: createSystemClock(),
    log: silentLog,
    policy: picturePolicy({ everyMinutes: 60, concurrency: 2 }),
  })
  const look = (n: number, path = '/main', credential = fleet.login) => {
    const host = fleet.cameras[n]!.ipAddress
    // The host that the camera states is not believed.
    return pictures.look({ host, streamUri: `rtsp://192.0.2.1:${ports.rtsp}${path}`, credential })
  }
  const begin = (n: number, fault: string) =>
    fetch(`http://127.0.0.1:${control}/faults`, {
      method: 'POST',
      body: JSON.stringify({ match: { id: fleet.cameras[n]!.id }, fault }),
    })

  test.each(['/main', '/sub'])(
    'a picture that moves passes: %s',
    async (path) => {
      expect(await look(0, path)).toEqual({ said: 'pass' })
    },
    20_000,
  )
  test('a frozen picture is told as such', async () => {
    await begin(1, 'frozen')
    expect(await look(1)).toEqual({ said: 'frozen', detail: 'the picture is the same 3 s later' })
  }, 20_000)
  test('a camera that shows nothing, one that refuses, one that has lost its power', async () => {
    await begin(3, 'power-off')
    expect(
      await Promise.all([look(2, '/other'), look(2, '/main', { user: 'admin', password: 'wrong' }), look(3)]),
    ).toEqual([
      { said: 'no-stream', detail: 'RTSP 404 to DESCRIBE' },
      { said: 'unauthorised', detail: 'the stream refuses the credential' },
      { said: 'no-stream', detail: 'RTSP: ECONNRESET' },
    ])
  }, 20_000)
  test('no login is ever in the list of processes', async () => {
    const lists: string[] = []
    const spy = setInterval(() => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          lists.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
        } catch {} // it has ended meanwhile
      }
    }, 10)
    await look(4)
    clearInterval(spy)
    expect(lists.some((line) => line.startsWith('ffmpeg\0'))).toBe(true)
    expect(lists.filter((line) => line.startsWith('ffmpeg\0') && line.includes(fleet.login.password))).toEqual([])
  }, 20_000)
})
