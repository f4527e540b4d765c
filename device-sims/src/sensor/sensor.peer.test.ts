/** Simulated sensors at a mosquitto broker, heard by mosquitto_sub. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FieldStatus, parseTopic, Telemetry } from '@hub/contracts'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { describeWith } from '../../../test/support/need.ts'
import { freePort, isListening } from '../../../test/support/ports.ts'
import { type Program, runProgram, startProgram } from '../../../test/support/program.ts'
import { generateFleet } from '../fleet/generate.ts'
import { type RunningFleet, startFleet } from '../start.ts'

describeWith('sensors at mosquitto', ['mosquitto', 'mosquitto-clients'], () => {
  const fleet = generateFleet({ seed: 23, cameras: 0, sensors: 24 })
  const folder = mkdtempSync(join(tmpdir(), 'sims-'))
  const secrets = Object.fromEntries(fleet.sensors.map((s, n) => [s.id, `secret-${n}`]))
  const programs: Program[] = []
  let running: RunningFleet
  let listener: Program
  let port: number

  beforeAll(async () => {
    port = await freePort()
    const users = [...Object.entries(secrets), ['listener', 'listener']]
    writeFileSync(join(folder, 'passwords'), users.map(([user, secret]) => `${user}:${secret}\n`).join(''), {
      mode: 0o600,
    })
    await runProgram('mosquitto_passwd', ['-U', join(folder, 'passwords')])
    // Each sensor publishes under its own id and nowhere else.
    writeFileSync(
      join(folder, 'acl'),
      'user listener\ntopic read #\ntopic write ready\n\npattern write field/v1/%u/#\n',
      { mode: 0o600 },
    )
    writeFileSync(
      join(folder, 'conf'),
      `listener ${port} 127.0.0.1\nallow_anonymous false\nuser ${process.getuid?.() === 0 ? 'root' : 'mosquitto'}\npassword_file ${folder}/passwords\nacl_file ${folder}/acl\n`,
    )
    const broker = startProgram('mosquitto', ['-c', join(folder, 'conf')])
    programs.push(broker)
    await broker.untilReady(() => isListening(port))
    const login = ['-p', String(port), '-u', 'listener', '-P', 'listener']
    listener = startProgram('mosquitto_sub', [...login, '-t', '#', '-q', '1', '-F', '%t %p'])
    programs.push(listener)
    // It hears what is published once it has subscribed: until then a word is said again and again.
    await listener.untilReady(async () => {
      await runProgram('mosquitto_pub', [...login, '-t', 'ready', '-m', 'ready'])
      return listener.printed() !== ''
    })
    running = await startFleet({
      fleet,
      ports: { http: 0, rtsp: 0, discovery: 0 },
      multicast: false,
      brokers: [{ host: '127.0.0.1', port, districts: fleet.sensors.map((s) => s.district) }],
      secrets,
      sensorPeriodMs: 500,
    })
    await running.sensors.ready
  })
  afterAll(async () => {
    await running?.stop()
    for (const program of programs.reverse()) await program.stop()
    rmSync(folder, { recursive: true })
  })

  /** All that has been published, in order. */
  const heard = () =>
    listener
      .printed()
      .split('\n')
      .slice(0, -1)
      .map((line) => ({ topic: line.slice(0, line.indexOf(' ')), payload: line.slice(line.indexOf(' ') + 1) }))
  const of = (id: string, name: 'telemetry' | 'fieldStatus', since = 0) =>
    heard()
      .slice(since)
      .filter((m) => {
        const parsed = parseTopic(m.topic)
        return parsed?.name === name && parsed.params.device === id
      })

  it('each says online and reports values that the contract takes', async () => {
    await vi.waitFor(() => {
      for (const { id } of fleet.sensors) expect(of(id, 'telemetry').length).toBeGreaterThanOrEqual(3)
    }, 10_000)
    for (const { id, measures } of fleet.sensors) {
      expect(FieldStatus.parse(JSON.parse(of(id, 'fieldStatus')[0]!.payload))).toEqual({ status: 'online' })
      const { at, values } = Telemetry.parse(JSON.parse(of(id, 'telemetry')[0]!.payload))
      expect(Math.abs(at - Date.now())).toBeLessThan(20_000)
      expect(Object.keys(values)).toEqual(measures)
    }
  })
  it('without power it vanishes: the broker publishes its will; with power it is back', async () => {
    const { id } = fleet.sensors[0]!
    const since = heard().length
    running.faults.begin({ match: { id }, fault: 'power-off' })
    await vi.waitFor(
      () => expect(of(id, 'fieldStatus', since).map((m) => m.payload)).toEqual(['{"status":"offline"}']),
      5_000,
    )
    const silent = heard().length
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(of(id, 'telemetry', silent)).toEqual([])
    running.faults.end({ id })
    await vi.waitFor(() => expect(of(id, 'telemetry', silent).length).toBeGreaterThan(1), 10_000)
  })
  it('cut off, it sends nothing and the broker hears no goodbye', async () => {
    const { id } = fleet.sensors[1]!
    running.faults.begin({ match: { id }, fault: 'network-cut' })
    const since = heard().length
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect([of(id, 'telemetry', since), of(id, 'fieldStatus', since)]).toEqual([[], []])
    running.faults.end({ id })
    await vi.waitFor(() => expect(of(id, 'telemetry', since).length).toBeGreaterThan(1), 15_000)
  })
  it('frozen, it repeats its values', async () => {
    const { id } = fleet.sensors[2]!
    running.faults.begin({ match: { id }, fault: 'frozen' })
    const since = heard().length
    await vi.waitFor(() => expect(of(id, 'telemetry', since).length).toBeGreaterThanOrEqual(4), 10_000)
    const values = of(id, 'telemetry', since)
      .slice(1)
      .map((m) => JSON.stringify(JSON.parse(m.payload).values))
    expect(new Set(values).size).toBe(1)
    running.faults.end({ id })
  })
  it('its clock an hour off, it says so in `at`', async () => {
    const { id } = fleet.sensors[3]!
    running.faults.begin({ match: { id }, fault: 'clock', value: -3_600 })
    const since = heard().length
    await vi.waitFor(() => expect(of(id, 'telemetry', since).length).toBeGreaterThanOrEqual(2), 10_000)
    const { at } = JSON.parse(of(id, 'telemetry', since).at(-1)!.payload)
    expect(Math.abs(Date.now() - 3_600_000 - at)).toBeLessThan(5_000)
    running.faults.end({ id })
  })
  it('with a wrong password it stays out until the password is right again', async () => {
    const { id } = fleet.sensors[4]!
    running.faults.begin({ match: { id }, fault: 'password' })
    await vi.waitFor(() => expect(of(id, 'fieldStatus').at(-1)?.payload).toBe('{"status":"offline"}'), 5_000)
    const since = heard().length
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(of(id, 'telemetry', since)).toEqual([])
    running.faults.end({ id })
    await vi.waitFor(() => expect(of(id, 'fieldStatus').at(-1)?.payload).toBe('{"status":"online"}'), 10_000)
  })
})
