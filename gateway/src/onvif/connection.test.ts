import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Answer, fakeCamera, fixture, ok, sessionWith } from './fake-camera.ts'

const fault = (rung: string, reason: string, message: string) => expect.objectContaining({ rung, reason, message })
const utc = Date.UTC(2026, 6, 20, 5, 40, 7, 500)

/** A health probe of a camera that gives one answer. */
async function probe(answer: Answer, limits = {}): Promise<number | null> {
  await using camera = await fakeCamera(() => answer)
  return await sessionWith(camera, { limits }).readClock()
}

describe('the clock of', () => {
  test.each(['hikvision', 'dahua', 'axis', 'uniview', 'gsoap10'])('%s', async (vendor) => {
    const before = Date.now()
    const offset = (await probe(fixture(`${vendor}-clock`)))!
    expect(before + offset).toBeGreaterThan(utc - 1_000)
    expect(before + offset).toBeLessThan(utc + 1_000)
  })

  test.each(['anyka-no-utc', 'hikvision-unauthorised', 'dahua-unauthorised'])(
    '%s is unknown, but it answers',
    async (name) => {
      expect(await probe(fixture(name))).toBeNull()
    },
  )
})

describe('a health probe fails with its rung, its reason and its cause', () => {
  test('nothing listens', async () => {
    const camera = await fakeCamera(() => '')
    await camera[Symbol.asyncDispose]()
    await expect(sessionWith(camera).readClock()).rejects.toEqual(
      fault('reachable', 'refused', 'the camera refuses the connection'),
    )
  })

  test.each<[string, Answer, string, string]>([
    ['closed at once', (s: Socket) => s.end(), 'reset', 'the camera closed the connection without an answer'],
    ['reset', (s: Socket) => s.resetAndDestroy(), 'reset', 'the camera reset the connection'],
    ['silence', () => {}, 'timeout', 'no whole answer within 300 ms'],
    ['a web page', ok('<!DOCTYPE html><html></html>'), 'malformed', 'DOCTYPE is refused at 0'],
    [
      'another answer',
      ok('<e:Envelope xmlns:e="u"><e:Body><x/></e:Body></e:Envelope>'),
      'malformed',
      'the answer is x, not GetSystemDateAndTimeResponse',
    ],
    ['cut short', ok('<e:Envelope xmlns:e="u"><e:Body>'), 'malformed', 'the document ends inside <e:Body>'],
    [
      'a fault',
      fixture('soap11-fault'),
      'soap-fault',
      "the camera answers with a fault: Client Method 'GetSystemDateAndTime' not implemented",
    ],
    ['an HTTP error', 'HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n<p>no</p>', 'http-status', 'HTTP 404'],
    [
      'a redirect',
      'HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n',
      'http-status',
      'HTTP 302: a redirect to http://169.254.169.254/ is refused',
    ],
    [
      'a body too large',
      'HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n',
      'too-large',
      'a body of 104857600 bytes, more than 524288',
    ],
  ])('%s', async (_, answer, reason, message) => {
    await expect(probe(answer, { deadlineMs: 300 })).rejects.toEqual(fault('answers', reason, message))
  })

  test('a body that drips for ever ends at the deadline', async () => {
    const timers: NodeJS.Timeout[] = []
    const drip = (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n')
      timers.push(setInterval(() => socket.write('x'), 20))
    }
    const started = performance.now()
    await expect(probe(drip, { deadlineMs: 300 })).rejects.toEqual(
      fault('answers', 'timeout', 'no whole answer within 300 ms'),
    )
    // The whole would drip for twenty seconds.
    expect(performance.now() - started).toBeLessThan(10_000)
    for (const timer of timers) clearInterval(timer)
  })

  test('100 MB without a length cost no memory', async () => {
    const before = process.memoryUsage().rss
    const flood = (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const block = Buffer.alloc(1_048_576, 120)
      let left = 100
      const more = () => {
        while (left-- > 0 && socket.write(block));
      }
      socket.on('drain', more)
      more()
    }
    await expect(probe(flood)).rejects.toEqual(fault('answers', 'too-large', 'a body of more than 524288 bytes'))
    expect(process.memoryUsage().rss - before).toBeLessThan(30 * 2 ** 20)
  })
})

describe('HTTPS', () => {
  let tls: { key: Buffer; cert: Buffer }
  let pin: string
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'camera-'))
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-subj',
        '/CN=camera',
        '-keyout',
        key,
        '-out',
        cert,
      ],
      { stdio: 'ignore' },
    )
    tls = { key: readFileSync(key), cert: readFileSync(cert) }
    pin = createHash('sha256').update(new X509Certificate(tls.cert).raw).digest('hex')
  })

  test('a self-signed certificate is accepted, and so is one that is trusted', async () => {
    await using camera = await fakeCamera(() => fixture('hikvision-clock'), tls)
    expect(await sessionWith(camera, { tls: true }).readClock()).toBeTypeOf('number')
    expect(await sessionWith(camera, { tls: true, trusts: (shown) => shown === pin }).readClock()).toBeTypeOf('number')
  })

  test('a certificate that is not trusted gets no request', async () => {
    await using camera = await fakeCamera(() => fixture('hikvision-clock'), tls)
    await expect(sessionWith(camera, { tls: true, trusts: () => false }).readClock()).rejects.toEqual(
      fault('answers', 'certificate', `the certificate ${pin} is not the one that is trusted`),
    )
    expect(camera.asked).toEqual([])
  })

  test('a camera that speaks no TLS', async () => {
    await using camera = await fakeCamera(() => 'x')
    await expect(sessionWith(camera, { tls: true, limits: { deadlineMs: 500 } }).readClock()).rejects.toMatchObject({
      rung: 'answers',
    })
  })
})
