/** ffprobe and ffmpeg watch a simulated camera. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../../../test/support/need.ts'
import { runProgram, startProgram } from '../../../test/support/program.ts'
import { generateFleet } from '../fleet/generate.ts'
import { type RunningFleet, startFleet } from '../start.ts'

describeWith('RTSP with ffmpeg', ['ffmpeg'], () => {
  const fleet = generateFleet({ seed: 21, cameras: 12, sensors: 0 })
  const { user, password } = fleet.login
  let running: RunningFleet
  beforeAll(async () => {
    running = await startFleet({ fleet, ports: { http: 0, rtsp: 0, discovery: 0 }, multicast: false })
  })
  afterAll(() => running.stop())
  const url = (n: number, path: string, secret = password) =>
    `rtsp://${user}:${secret}@${fleet.cameras[n]!.ipAddress}:${running.ports.rtsp}${path}`
  /** MD5 of each decoded picture. */
  const pictures = async (n: number, seconds: number, transport = 'tcp', path = '/sub') => {
    const args = [
      '-v',
      'error',
      '-rtsp_transport',
      transport,
      '-i',
      url(n, path),
      '-t',
      String(seconds),
      '-f',
      'framemd5',
      '-',
    ]
    const { code, output } = await runProgram('ffmpeg', args)
    const sums = output
      .split('\n')
      .filter((line) => /^0,/.test(line))
      .map((line) => line.split(',').at(-1)!.trim())
    return { code, sums, errors: output.split('\n').filter((line) => line && !/^[#0]/.test(line)) }
  }

  it.each([
    ['/main', 'codec_name=h264\nprofile=Main\nwidth=1280\nheight=720\navg_frame_rate=25/1'],
    ['/sub', 'codec_name=h264\nprofile=Main\nwidth=640\nheight=360\navg_frame_rate=15/1'],
  ])('ffprobe finds the stream of %s as ONVIF says it is', async (path, expected) => {
    const entries = 'stream=codec_name,profile,width,height,avg_frame_rate'
    const args = [
      '-v',
      'error',
      '-rtsp_transport',
      'tcp',
      '-show_entries',
      entries,
      '-of',
      'default=nw=1',
      url(0, path),
    ]
    expect(await runProgram('ffprobe', args)).toMatchObject({ code: 0, output: `${expected}\n` })
  })
  it.each(['tcp', 'udp'])(
    'ffmpeg decodes every picture over %s, without an error, across the loop',
    async (transport) => {
      const { code, sums, errors } = await pictures(1, 3, transport)
      expect({ code, errors }).toEqual({ code: 0, errors: [] })
      expect(sums.length).toBeGreaterThanOrEqual(42)
      expect(new Set(sums).size).toBe(30)
    },
  )
  it('a frozen camera shows one picture', async () => {
    const match = { id: fleet.cameras[2]!.id }
    running.faults.begin({ match, fault: 'frozen' })
    const { sums, errors } = await pictures(2, 2)
    running.faults.end(match)
    expect(errors).toEqual([])
    expect(sums.length).toBeGreaterThanOrEqual(28)
    expect(new Set(sums).size).toBe(1)
  })
  it('a wrong password is refused', async () => {
    const { code, output } = await runProgram('ffprobe', [
      '-v',
      'error',
      '-rtsp_transport',
      'tcp',
      url(3, '/main', 'wrong'),
    ])
    expect(code).toBe(1)
    expect(output).toContain('401 Unauthorized')
  })
  it('a path without a stream is not found', async () => {
    const { output } = await runProgram('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', url(3, '/other')])
    expect(output).toContain('404')
  })
  it('loses its viewer when the power goes', async () => {
    const input = ['-rtsp_transport', 'tcp', '-i', url(4, '/sub')]
    const viewer = startProgram('ffmpeg', [
      '-v',
      'error',
      '-progress',
      'pipe:1',
      ...input,
      '-t',
      '30',
      '-f',
      'null',
      '-',
    ])
    await viewer.untilReady(async () => /^frame=[1-9]/m.test(viewer.printed()))
    running.faults.begin({ match: { id: fleet.cameras[4]!.id }, fault: 'power-off' })
    const began = performance.now()
    await viewer.ended
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})
