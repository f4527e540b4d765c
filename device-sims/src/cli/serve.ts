/** `serve`: runs a fleet until it is told to stop. */
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { HubError } from '@hub/contracts'
import { manualClock } from '../clock.ts'
import { generateFleet } from '../fleet/generate.ts'
import type { Fleet } from '../fleet/types.ts'
import { drive, scheduleSteps } from '../scenario/play.ts'
import { standardPorts, startFleet } from '../start.ts'
import { duration, fieldBroker, hostPort, needed, whole } from './arguments.ts'
import { loadScenario } from './scenario.ts'

const say = (zh: string, en: string): void => console.log(`${zh} · ${en}`)

export async function serveCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      fleet: { type: 'string' },
      scenario: { type: 'string' },
      speed: { type: 'string', default: '1' },
      secrets: { type: 'string' },
      field: { type: 'string', multiple: true, default: [] },
      control: { type: 'string' },
      period: { type: 'string', default: '10s' },
      truth: { type: 'string' },
      'no-multicast': { type: 'boolean', default: false },
      'http-port': { type: 'string', default: String(standardPorts.http) },
      'https-port': { type: 'string', default: String(standardPorts.https) },
      'rtsp-port': { type: 'string', default: String(standardPorts.rtsp) },
      'discovery-port': { type: 'string', default: String(standardPorts.discovery) },
    },
  })
  const scenario = values.scenario ? loadScenario(values.scenario) : undefined
  const fleet = scenario ? generateFleet(scenario.fleet) : readJson<Fleet>('fleet', needed('fleet', values.fleet))
  const faultClock = scenario && manualClock(scenario.start ?? Date.now())
  if (fleet.v !== 1)
    throw new HubError('request.invalid', { field: 'v', value: fleet.v, limit: 'must be 1 (fleet file)' })
  const port = (name: 'http-port' | 'https-port' | 'rtsp-port' | 'discovery-port'): number =>
    whole(name, values[name], 0, 65_535)
  const began = performance.now()
  const running = await startFleet({
    fleet,
    ports: {
      http: port('http-port'),
      https: port('https-port'),
      rtsp: port('rtsp-port'),
      discovery: port('discovery-port'),
    },
    multicast: !values['no-multicast'],
    brokers: values.field.map(fieldBroker),
    secrets: values.secrets && existsSync(values.secrets) ? readJson('secrets', values.secrets) : {},
    sensorPeriodMs: duration('period', values.period),
    ...(faultClock ? { faultClock } : {}),
    ...(values.control ? { control: hostPort('control', values.control) } : {}),
    ...(values.truth ? { truthFile: values.truth } : {}),
  })
  const { ports, sensors, control } = running
  const took = Math.round(performance.now() - began)
  say(
    `${fleet.cameras.length} 台相机已上电（${took} ms）`,
    `${fleet.cameras.length} cameras are up after ${took} ms (ONVIF ${ports.http}, RTSP ${ports.rtsp}, discovery ${ports.discovery}, multicast ${running.multicast ? 'on' : 'off'})`,
  )
  if (control) say('故障控制', `fault control at http://${control.host}:${control.port}`)
  const silent = fleet.sensors.length - sensors.active
  say(
    `${sensors.active} 个传感器正在接入`,
    `${sensors.active} sensors are connecting${silent ? `, ${silent} have no broker or no password` : ''}`,
  )
  void sensors.ready.then(() => sensors.active > 0 && say('传感器全部在线', 'every sensor is online'))
  process.send?.({ ready: true, ports, control: control?.port })

  let stopScenario = (): void => {}
  if (scenario && faultClock) {
    const speed = whole('speed', values.speed, 1, 10_000)
    scheduleSteps(scenario, [...fleet.cameras, ...fleet.sensors], running.faults, faultClock)
    stopScenario = drive(faultClock, scenario.lasts, speed, () => say('场景结束', 'the scenario is over'))
    say(`场景开始（${speed} 倍速）`, `the scenario plays at ${speed} times real time`)
  }
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    process.once('disconnect', () => resolve())
  })
  say('正在关机', 'switching off')
  stopScenario()
  await running.stop()
}

function readJson<T>(field: string, file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch (error) {
    throw new HubError('request.invalid', { field: `--${field}`, value: file, limit: (error as Error).message })
  }
}
