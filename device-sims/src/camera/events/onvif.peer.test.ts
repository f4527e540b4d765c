/** An ONVIF client that nobody here wrote subscribes to simulated cameras. */
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { generateFleet } from '../../fleet/generate.ts'
import { type RunningFleet, startFleet } from '../../start.ts'

const fleet = generateFleet({ seed: 23, cameras: 3, sensors: 0 })
const [camera] = fleet.cameras
const require = createRequire(import.meta.url)

type Item = { $: { Name: string; Value: string | boolean } }
type Told = {
  topic: { _: string }
  message: { message: { $: { PropertyOperation: string }; data: { simpleItem: Item } } }
}
type Answer = (error: Error | null, value: Record<string, unknown>) => void
type Cam = {
  on(name: 'event', heard: (told: Told) => void): void
  on(name: 'eventsError', heard: (error: Error) => void): void
  removeAllListeners(name: string): void
  getEventProperties(answer: Answer): void
}
type NpmOnvif = { Cam: new (options: object, ready: (error: Error | null) => void) => Cam }

let running: RunningFleet
beforeAll(async () => {
  running = await startFleet({ fleet, ports: { http: 0, rtsp: 0, discovery: 0 }, multicast: false })
})
afterAll(() => running.stop())

const connect = () =>
  new Promise<Cam>((resolve, reject) => {
    const { Cam } = require('onvif') as NpmOnvif
    const { user, password } = fleet.login
    const options = { hostname: camera!.ipAddress, port: running.ports.http, username: user, password, timeout: 5_000 }
    const cam = new Cam(options, (error) => (error ? reject(error) : resolve(cam)))
  })

it('onvif 0.8.3 reads what can happen, is told how things are, and then each change', async () => {
  const cam = await connect()
  const properties = await new Promise<Record<string, unknown>>((resolve, reject) =>
    cam.getEventProperties((error, value) => (error ? reject(error) : resolve(value))),
  )
  expect(JSON.stringify(properties.topicSet)).toContain('cellMotionDetector')

  const told: string[] = []
  const errors: Error[] = []
  cam.on('eventsError', (error) => errors.push(error))
  cam.on('event', ({ topic, message: { message } }) => {
    const { Name, Value } = message.data.simpleItem.$
    told.push(`${message.$.PropertyOperation} ${topic._.split('/').at(-1)} ${Name}=${Value}`)
  })
  const until = async (count: number) => {
    for (let n = 0; n < 400 && told.length < count; n++) await new Promise((resolve) => setTimeout(resolve, 25))
  }
  await until(4)
  expect(told.splice(0)).toEqual([
    'Initialized Motion IsMotion=false',
    'Initialized ImagingService State=false',
    'Initialized SignalLoss State=false',
    'Initialized DigitalInput LogicalState=false',
  ])
  const match = { id: camera!.id }
  running.events.raise({ match, topic: 'motion', active: true })
  await until(1)
  running.events.raise({ match, topic: 'digital-input', active: true })
  await until(2)
  running.events.raise({ match, topic: 'motion', active: false })
  await until(3)
  expect(told).toEqual([
    'Changed Motion IsMotion=true',
    'Changed DigitalInput LogicalState=true',
    'Changed Motion IsMotion=false',
  ])
  expect(errors).toEqual([])
  cam.removeAllListeners('event')
  // It lets go of the pull when that is answered.
  running.events.raise({ match, topic: 'tamper', active: true })
})
