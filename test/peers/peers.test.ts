/** Devices that nobody here wrote are seen by a whole hub: a camera of gst-rtsp-server, sensors of mosquitto_pub. */
import { join } from 'node:path'
import type {
  ApprovalResult,
  CommandResult,
  DeviceDetail,
  DeviceRecord,
  DiscoveredRow,
  ImportResult,
  SensorSecrets,
} from '@hub/contracts'
import { recordFieldNames, recordFields, topic } from '@hub/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type City, startCity } from '../e2e/support/city.ts'
import { until } from '../e2e/support/until.ts'
import { lacking } from '../support/machine.ts'
import { describeWith } from '../support/need.ts'
import { freePorts } from '../support/ports.ts'
import { type Program, runProgram, startProgram } from '../support/program.ts'

const camera = '43040500001320000777'
const sensor = '43040500001340000777'
const quietSensor = '43040500001340000778'

const record = (id: string, kind: 'camera' | 'sensor', more: Partial<DeviceRecord> = {}): Partial<DeviceRecord> => ({
  id,
  kind,
  name: `外部设备 ${id.slice(-3)}`,
  manufacturer: 'GStreamer',
  model: 'peer',
  civilCode: '430405',
  address: '湖南省衡阳市珠晖区',
  parental: '0',
  parentId: '43040500002000000001',
  registerWay: '1',
  secrecy: '0',
  status: 'ON',
  grassrootsCode: '430405000001',
  pointType: '9',
  application: 'safe-city',
  carrier: 'telecom',
  stage: 'in-service',
  ...more,
})
const csv = (records: readonly Partial<DeviceRecord>[]): string =>
  [
    recordFieldNames.map((name) => recordFields[name].csv),
    ...records.map((one) => recordFieldNames.map((name) => one[name] ?? '')),
  ]
    .map((line) => `${line.join(',')}\r\n`)
    .join('')

describe('a hub among strangers', () => {
  let city: City
  let address: string
  beforeAll(async () => {
    city = await startCity({ bus: 'embedded', cameras: 0, sensors: 0, withSims: false })
    address = city.freeAddress
    const imported = await city.hub.post<ImportResult>(
      '/registry.csv',
      csv([record(camera, 'camera', { ipAddress: address }), record(sensor, 'sensor'), record(quietSensor, 'sensor')]),
      'text/csv',
    )
    expect(imported).toMatchObject({ created: 3, changed: [], held: [], refused: [] })
  })
  afterAll(() => city?.stop())

  const detail = (id: string) => city.hub.get<DeviceDetail>(`/devices/${id}`)

  describeWith('a gst-rtsp-server camera behind an ONVIF service of its own', ['gst-rtsp-server'], () => {
    let program: Program | undefined
    beforeAll(async () => {
      const [httpPort, rtspPort] = await freePorts(2)
      const { user, password } = city.plan.camera
      const script = join(import.meta.dirname, 'onvif_camera.py')
      program = startProgram('/usr/bin/python3', [script, address, `${httpPort}`, `${rtspPort}`, user, password])
      await program.firstWords()
    })
    afterAll(() => program?.stop('SIGKILL'))

    it('is found by unicast discovery and waits in quarantine, spoken to by nobody', async () => {
      const found = await until(
        async () => (await city.hub.get<DiscoveredRow[]>('/discovered')).find((row) => row.address === address),
        20,
        'the camera is discovered',
      )
      expect(found).toMatchObject({ status: 'waiting', quarantine: 'new', name: 'gst', matches: camera })
      expect((await detail(camera)).device.state).toBe('unknown')
    })

    it('approved, is identified and seen up, its picture decoded', async () => {
      const [found] = await city.hub.get<DiscoveredRow[]>('/discovered')
      const approval = { approve: [{ endpoint: found!.endpoint, device: camera, credential: 'sims' }] }
      expect(await city.hub.post<ApprovalResult>('/discovered/approvals', JSON.stringify(approval))).toEqual({
        approved: [camera],
        refused: [],
      })
      const seen = await until(
        async () => {
          const told = await detail(camera)
          return told.device.state === 'up' && told.identity && told
        },
        30,
        'the camera is up and identified',
      )
      expect(seen.identity).toMatchObject({
        manufacturer: 'GStreamer',
        model: 'gst-rtsp-server',
        serial: 'GST-1',
        codec: 'H264',
        width: 320,
        height: 240,
        streamUri: expect.stringContaining(`rtsp://${address}:`),
      })
      // Without ffmpeg the ladder ends a rung earlier.
      const top = lacking(['ffmpeg']).length === 0 ? 'decodes' : 'describes'
      const command = JSON.stringify({ name: 'probe' })
      expect(await city.hub.post<CommandResult>(`/devices/${camera}/commands`, command)).toMatchObject({
        result: { device: camera, verdict: 'pass', rung: top },
      })
    })
  })

  describeWith('sensors of mosquitto_pub', ['mosquitto-clients'], () => {
    let secrets: Record<string, string>
    beforeAll(async () => {
      const issued = await city.hub.post<SensorSecrets>(
        '/sensor-credentials',
        JSON.stringify({ devices: [sensor, quietSensor] }),
      )
      secrets = Object.fromEntries(issued.secrets.map(({ device, password }) => [device, password]))
    })

    const publish = async (device: string, payload: string, password = secrets[device]!) => {
      const { code, output } = await runProgram('mosquitto_pub', [
        '-h',
        '127.0.0.1',
        '-p',
        `${city.plan.gateways[0]!.fieldPort}`,
        '-V',
        '311',
        '-q',
        '1',
        '-u',
        device,
        '-P',
        password,
        '-t',
        topic('telemetry', { device }),
        '-m',
        payload,
      ])
      if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}: ${output}`)
    }
    const values = (more: object) => JSON.stringify({ at: Date.now(), values: more })

    it('with the password that the hub issued are up, with their latest value', async () => {
      await until(
        () => publish(sensor, values({ cabinet_temp: 31.5 })).then(() => true),
        20,
        'the gateway lets the sensor in',
      )
      const seen = await until(
        async () => {
          const told = await detail(sensor)
          return told.device.state === 'up' && told
        },
        10,
        'the sensor is up',
      )
      expect(seen.probes[0]).toMatchObject({ kind: 'telemetry', verdict: 'pass', values: { cabinet_temp: 31.5 } })
    })

    it('lose nothing but what is malformed', async () => {
      await publish(sensor, 'hello')
      await publish(sensor, '{"at":"noon","values":{"mains":220}}')
      await publish(quietSensor, '{"at":')
      await publish(sensor, values({ mains: 229 }))
      const seen = await until(
        async () => {
          const told = await detail(sensor)
          return told.probes[0]?.values?.mains === 229 && told
        },
        10,
        'the good message has arrived',
      )
      expect(seen.device.state).toBe('up')
      const verdicts = ({ probes }: typeof seen) =>
        probes.flatMap(({ kind, verdict, reason }) => (kind === 'telemetry' ? [reason ?? verdict] : []))
      expect(verdicts(seen)).toEqual(['pass', 'malformed', 'malformed', 'pass'])
      // It said nothing that is sound, and is alive.
      expect(verdicts(await detail(quietSensor))).toEqual(['malformed'])
    })

    it('with any other password are refused, and stay what they were', async () => {
      await expect(publish(quietSensor, values({ mains: 1 }), 'guessed')).rejects.toThrow(/not authorised/i)
      expect((await detail(quietSensor)).device.state).not.toBe('up')
    })

    it('that fall silent are down within three intervals', async () => {
      const before = Date.now()
      await publish(sensor, values({ mains: 230 }))
      // The data came somewhere in between: its PUBACK waits for the spool.
      const after = Date.now()
      await until(
        async () => (await detail(sensor)).device.state === 'down',
        // Three intervals, and as long as a busy machine takes to bring the news.
        3 * city.plan.probeEverySeconds + 5,
        'it is down',
      )
      const { device, rule } = await detail(sensor)
      expect(rule).toMatchObject({ id: 'confirmed', rung: 'fresh', reason: 'no-data' })
      const everyMs = city.plan.probeEverySeconds * 1_000
      expect(device.since).toBeGreaterThanOrEqual(before + everyMs)
      expect(device.since).toBeLessThanOrEqual(after + everyMs)
    })
  })
})
