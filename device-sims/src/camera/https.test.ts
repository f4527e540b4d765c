import { request } from 'node:https'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { generateFleet } from '../fleet/generate.ts'
import { type RunningFleet, startFleet } from '../start.ts'
import { ns } from './namespaces.ts'

const fleet = generateFleet({ seed: 31, cameras: 12, sensors: 0 })
const camera = fleet.cameras[0]!
camera.profile = 'https'
const ask = `<s:Envelope xmlns:s="${ns.soap}"><s:Body><GetCapabilities xmlns="${ns.device}"/></s:Body></s:Envelope>`
let running: RunningFleet
beforeAll(async () => {
  running = await startFleet({ fleet, ports: { http: 0, https: 0, rtsp: 0, discovery: 0 }, multicast: false })
})
afterAll(() => running.stop())

const post = (host: string, rejectUnauthorized: boolean) =>
  new Promise<{ text: string; subject: string }>((resolve, reject) => {
    const options = {
      host,
      port: running.ports.https,
      path: '/onvif/device_service',
      method: 'POST',
      rejectUnauthorized,
      agent: false,
    }
    const call = request(options, (response) => {
      const subject = (response.socket as import('node:tls').TLSSocket).getPeerCertificate().subject.CN as string
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ text, subject }))
    })
    call.on('error', reject)
    call.end(ask)
  })

it('an HTTPS camera answers with a certificate of its own, which nobody vouches for', async () => {
  const { text, subject } = await post(camera.ipAddress, false)
  expect(subject).toBe('IPCamera')
  expect(text).toContain(`https://${camera.ipAddress}:${running.ports.https}/onvif/media_service`)
  await expect(post(camera.ipAddress, true)).rejects.toThrow(/self-signed/)
})
it('it resets plain HTTP, and a plain camera resets HTTPS', async () => {
  const reset = await new Promise((resolve) => {
    const socket = connect(running.ports.http, camera.ipAddress, () => socket.write('GET / HTTP/1.1\r\n\r\n'))
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
  })
  expect(reset).toBe('ECONNRESET')
  await expect(post(fleet.cameras[1]!.ipAddress, false)).rejects.toThrow()
})
