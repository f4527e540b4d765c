import { createHash } from 'node:crypto'
import { createSystemClock } from '@hub/platform'
import { describe, expect, test } from 'vitest'
import { createLoginBudgets } from '../login/index.ts'
import { parseChallenges } from '../onvif/digest.ts'
import { type Answer, type Asked, fakeCamera } from '../onvif/fake-camera.ts'
import { RtspProbe } from './rtsp.ts'
import { readSdp } from './sdp.ts'

const sdp =
  'v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=x\r\nm=audio 0 RTP/AVP 8\r\na=framerate:1\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 h265/90000\r\na=framerate:25.0\r\nm=application 0 RTP/AVP 107\r\na=rtpmap:107 x/1\r\n'

test.each([
  [sdp, { codec: 'H265', fps: 25, payloadType: 96, parameterSets: [] }],
  ['m=video 0 RTP/AVP 26\na=x-framerate: 12', { codec: 'JPEG', fps: 12, payloadType: 26, parameterSets: [] }],
  ['m=video 0 RTP/AVP 97\na=rtpmap:96 H264/90000\na=framerate:0', { payloadType: 97, parameterSets: [] }],
  [
    'm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=control:track1\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z00A,aO4=',
    {
      codec: 'H264',
      payloadType: 96,
      control: 'track1',
      parameterSets: [Buffer.from([0x67, 0x4d, 0]), Buffer.from([0x68, 0xee])],
    },
  ],
  ['m=video', undefined],
  ['m=audio 0 RTP/AVP 0', undefined],
  ['', undefined],
])('the description %j', (text, said) => {
  expect(readSdp(text)).toEqual(said)
})

describe('DESCRIBE', () => {
  const clock = createSystemClock()
  const credential = { user: 'admin', password: 'secret' }
  const ok = (body = sdp) =>
    `RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const challenge =
    'RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Digest realm="IP Camera", nonce="n"\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n'
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const isRight = ({ authorization, path }: Asked) => {
    const p = parseChallenges([authorization ?? ''])[0]?.params
    return p?.uri === path && p.response === md5(`${md5('admin:IP Camera:secret')}:n:${md5(`DESCRIBE:${path}`)}`)
  }
  const hold =
    (text: string): Answer =>
    (socket) =>
      void socket.write(text)
  const probe = (given = credential) =>
    new RtspProbe({
      clock,
      host: '127.0.0.1',
      credential: given,
      budget: createLoginBudgets({ clock }).of('127.0.0.1', given),
      limits: { deadlineMs: 500, connectMs: 300, maxBytes: 65_536 },
    })

  test('with a digest, at the approved host whatever the camera states', async () => {
    await using camera = await fakeCamera((asked) => hold(isRight(asked) ? ok() : challenge))
    expect(await probe().describe(`rtsp://10.0.0.5:${camera.port}/Streaming/Channels/101?x=1`)).toMatchObject({
      codec: 'H265',
      fps: 25,
    })
    expect(camera.asked.map((asked) => asked.path)).toEqual(
      new Array(2).fill(`rtsp://127.0.0.1:${camera.port}/Streaming/Channels/101?x=1`),
    )
    expect([camera.connections, camera.asked[0]!.authorization]).toEqual([1, undefined])
  })

  test.each<[string, Answer, object]>([
    [
      'no such stream',
      hold('RTSP/1.0 404 Stream Not Found\r\nCSeq: 1\r\n\r\n'),
      { rung: 'describes', reason: 'no-stream', message: 'RTSP 404' },
    ],
    [
      'sound alone',
      hold(ok('m=audio 0 RTP/AVP 0\r\n')),
      { rung: 'describes', reason: 'no-stream', message: 'the description holds no video' },
    ],
    ['silence', () => {}, { reason: 'timeout' }],
    [
      'a web server',
      hold('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
      { reason: 'malformed', message: 'the answer is not RTSP' },
    ],
  ])('%s', async (_, answer, fault) => {
    await using camera = await fakeCamera(() => answer)
    await expect(probe().describe(`rtsp://127.0.0.1:${camera.port}/1`)).rejects.toMatchObject(fault)
  })

  test('a wrong password is tried twice, then never again', async () => {
    await using camera = await fakeCamera((asked) => hold(isRight(asked) ? ok() : challenge))
    const wrong = probe({ ...credential, password: 'no' })
    for (let i = 0; i < 4; i++)
      await expect(wrong.describe(`rtsp://127.0.0.1:${camera.port}/1`)).rejects.toMatchObject({
        reason: 'unauthorised',
      })
    expect(camera.asked.filter((asked) => asked.authorization)).toHaveLength(2)
  })
})
