/** One way to probe, in a process of its own: told a number of probes, it answers with the CPU microseconds of each. */
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { createSystemClock } from '@hub/platform'
import { deviceInformation } from '../../../gateway/src/onvif/identify.ts'
import { clockRequest } from '../../../gateway/src/onvif/read.ts'
import { CameraSession } from '../../../gateway/src/onvif/session.ts'
import { requestText } from '../../../gateway/src/onvif/transport.ts'

const [, kind = '', port = '0'] = process.argv.slice(2)
const target = { host: '127.0.0.1', port: Number(port), tls: false }
const path = '/onvif/device_service'
const clock = createSystemClock()
const inFlight = 64

const readBuffer = Buffer.allocUnsafe(65_536)
const request = requestText(target, { path, soap: clockRequest })
/** The same bytes there and back with nothing but Node's socket: what is left to us to save lies above this. */
const exchange = () =>
  new Promise<void>((resolve) => {
    const callback = () => {
      socket.destroy()
      return true
    }
    const socket = connect({ ...target, onread: { buffer: readBuffer, callback } })
    socket.on('connect', () => socket.write(request))
    socket.on('close', () => resolve())
  })

const reset = () =>
  new Promise<void>((resolve) => {
    const socket = connect({ ...target, noDelay: true }, () => socket.resetAndDestroy())
    socket.on('close', () => resolve())
  })

/** One camera for each call that is in flight, as in the field: a session does one thing at a time. */
function prober(): () => Promise<unknown> {
  if (kind === 'floor') return reset
  if (kind === 'exchange') return exchange
  if (kind === 'node-onvif') {
    // Its transport as published: ours replaces it in the copy that the gateway imports.
    const require = createRequire(import.meta.url)
    for (const key of Object.keys(require.cache)) if (key.includes('/node-onvif/')) delete require.cache[key]
    const Device = require('node-onvif/lib/modules/service-device.js') as new (
      params: object,
    ) => { getSystemDateAndTime(): Promise<unknown> }
    const device = new Device({ xaddr: `http://127.0.0.1:${port}${path}` })
    return () => device.getSystemDateAndTime()
  }
  const session = new CameraSession({ clock, target, path, credential: { user: 'admin', password: 'secret' } })
  return kind === 'ours' ? () => session.readClock() : () => deviceInformation(session).finally(() => session.close())
}

async function run(count: number): Promise<number> {
  const probers = Array.from({ length: inFlight }, prober)
  // A camera's scheme is found by its first call, and is not part of a probe's price.
  for (const probe of probers) await probe()
  let left = count
  const before = process.cpuUsage()
  await Promise.all(
    probers.map(async (probe) => {
      while (left-- > 0) await probe()
    }),
  )
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

process.on('message', (count: number) => void run(count).then((cpu) => process.send?.(cpu)))
process.send?.('ready')
