/** ONVIF clients that nobody here wrote talk to simulated cameras. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWith } from '../../../test/support/need.ts'
import { runProgram } from '../../../test/support/program.ts'
import { generateFleet } from '../fleet/generate.ts'
import { type RunningFleet, startFleet } from '../start.ts'

const fleet = generateFleet({ seed: 22, cameras: 12, sensors: 0 })
const camera = fleet.cameras.find((c) => c.ptz)!
const { user, password } = fleet.login
const require = createRequire(import.meta.url)

type Answer = (error: Error | null, value: unknown) => void
type NpmOnvif = {
  Cam: new (
    options: Record<string, unknown>,
    ready: (error: Error | null) => void,
  ) => {
    profiles: { $: { token: string } }[]
    getDeviceInformation(a: Answer): void
    getStreamUri(o: object, a: Answer): void
    getPresets(o: object, a: Answer): void
  }
}
type NodeOnvif = {
  OnvifDevice: new (options: {
    xaddr: string
    user: string
    pass: string
  }) => { init(): Promise<Record<string, string>>; getUdpStreamUrl(): string }
}

describe('npm clients', () => {
  let running: RunningFleet
  beforeAll(async () => {
    running = await startFleet({ fleet, ports: { http: 0, rtsp: 0, discovery: 0 }, multicast: false })
  })
  afterAll(() => running.stop())

  const connect = (secret: string) => {
    const { Cam } = require('onvif') as NpmOnvif
    return new Promise<InstanceType<NpmOnvif['Cam']>>((resolve, reject) => {
      const options = {
        hostname: camera.ipAddress,
        port: running.ports.http,
        username: user,
        password: secret,
        timeout: 5_000,
      }
      const cam = new Cam(options, (error) => (error ? reject(error) : resolve(cam)))
    })
  }
  const ask = (call: (answer: Answer) => void) =>
    new Promise((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value))))

  it('onvif 0.8.3 connects, lists profiles, stream and presets', async () => {
    const cam = await connect(password)
    expect(cam.profiles.map((p) => p.$.token)).toEqual(['Profile_1', 'Profile_2'])
    expect(await ask((a) => cam.getDeviceInformation(a))).toMatchObject({
      manufacturer: camera.manufacturer,
      model: camera.model,
      serialNumber: camera.serial,
    })
    expect(await ask((a) => cam.getStreamUri({ protocol: 'RTSP' }, a))).toMatchObject({
      uri: `rtsp://${camera.ipAddress}:${running.ports.rtsp}/main`,
    })
    expect(Object.keys((await ask((a) => cam.getPresets({}, a))) as object)).toContain('路口东')
  })
  it('onvif 0.8.3 is refused with a wrong password', async () => {
    const cam = await connect('wrong')
    await expect(ask((a) => cam.getDeviceInformation(a))).rejects.toThrow(/not Authorized/)
  })
  it('node-onvif 0.1.7 initialises', async () => {
    const { OnvifDevice } = require('node-onvif') as NodeOnvif
    const xaddr = `http://${camera.ipAddress}:${running.ports.http}/onvif/device_service`
    const device = new OnvifDevice({ xaddr, user, pass: password })
    expect(await device.init()).toMatchObject({ Model: camera.model })
    expect(device.getUdpStreamUrl()).toBe(`rtsp://${camera.ipAddress}:${running.ports.rtsp}/main`)
  })
})

/** onvif-util knows nothing but multicast: it needs a loopback interface that carries it, in a network of its own. */
describeWith('onvif-util', ['onvif-util', 'network namespace'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'sims-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const main = new URL('../main.ts', import.meta.url).pathname
  /** Runs the fleet and then `commands` in one network namespace. */
  const inside = (commands: string) => {
    writeFileSync(join(folder, 'fleet.json'), JSON.stringify(fleet))
    const script = [
      'ip link set lo up multicast on && ip route add 239.0.0.0/8 dev lo src 127.0.0.1 || exit 9',
      `"${process.execPath}" "${main}" serve --fleet "${folder}/fleet.json" --control 127.0.0.1:8090 > "${folder}/log" 2>&1 &`,
      'sims=$!',
      `for n in $(seq 100); do grep -q "cameras are up" "${folder}/log" && break; sleep 0.1; done`,
      commands,
      'kill $sims; wait $sims',
    ]
    return runProgram('unshare', ['-n', 'sh', '-c', script.join('\n')], { timeoutMs: 60_000 })
  }
  // libonvif 1.4.4 keeps its nonce and counts `Created` in milliseconds: two calls of one millisecond are a replay, and refused. No real
  // camera answers so fast.
  const unhurried = `"${process.execPath}" "${main}" fault slow --value 5`
  const get = (...what: string[]) =>
    `${unhurried} && printf '${what.map((w) => `get ${w}\\n`).join('')}quit\\n' | onvif-util -u ${user} -p ${password} ${camera.ipAddress}`

  it('finds every camera by multicast', async () => {
    const { output } = await inside('onvif-util -a')
    expect(output).toContain('Found 12 cameras')
    for (const { ipAddress, name } of fleet.cameras) expect(output).toMatch(new RegExp(`^${ipAddress} .*${name}`, 'm'))
  })
  it('reads profile, stream, encoder and network of one', async () => {
    const { output } = await inside(get('profiles', 'rtsp', 'video', 'network'))
    expect(output).toContain(`serial: ${camera.serial}`)
    expect(output).toContain('Token 1: Profile_2')
    expect(output).toContain(`rtsp://${camera.ipAddress}:8554/main`)
    expect(output).toContain('Resolution: 1280 x 720')
    expect(output).toContain(`IP Address: ${camera.ipAddress}`)
  })
})
