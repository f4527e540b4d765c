/**
 * `npm start`: the whole city on one machine. `--no-sims --config FILE` is the same hub with no simulators.
 * Everything here goes through public doors: command lines, configuration files and the API.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Commissioning } from '@hub/contracts'
import { commission, fieldArguments } from './commission.ts'
import { writeConfiguration } from './files.ts'
import { type HubClient, logIn, untilHealthy } from './hub-client.ts'
import { thisMachine } from './machine.ts'
import { type CitySize, paceLines, paceOf } from './pace.ts'
import { controlPort, type DemoFleet, demoGateways, demoPlan, keptSecret } from './plan.ts'
import { createProcesses } from './processes.ts'
import { createProgressLines, progressOf } from './progress.ts'
import { seedPast } from './seed.ts'

const root = resolve(import.meta.dirname, '../..')
const at = (path: string) => join(root, path)

const { values: options } = parseArgs({
  options: {
    'no-sims': { type: 'boolean', default: false },
    config: { type: 'string' },
    // Of a city that is new; one that is there goes on as it is.
    cameras: { type: 'string' },
    sensors: { type: 'string' },
    seed: { type: 'string', default: '7' },
  },
})

const processes = createProcesses((name, how, logFile) => {
  const lastLine = readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1)
  console.error(`${name} 意外退出 ended unexpectedly (${how}): ${lastLine}\n  日志 log: ${logFile}`)
  void processes.stopAll().then(() => process.exit(1))
})
if (options['no-sims']) {
  if (!options.config) fail('--no-sims needs --config FILE; infra/config/hub.yaml is an example')
  process.argv = [process.argv[0]!, at('services/hub/src/main.ts'), '--config', options.config]
  await import(at('services/hub/src/main.ts'))
} else {
  await demoCity().catch(async (error: Error) => {
    console.error(error.message)
    await processes.stopAll()
    process.exit(1)
  })
}

async function demoCity(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      say('正在停止 stopping')
      void processes.stopAll().then(() => process.exit(0))
    })
  const data = resolve(process.env.HUB_DATA ?? 'data')
  const demo = join(data, 'demo')
  const logs = join(data, 'logs')
  mkdirSync(demo, { recursive: true })
  mkdirSync(logs, { recursive: true })
  const port = Number(process.env.HUB_PORT ?? 8080)
  const address = `http://127.0.0.1:${port}`
  const log = (name: string) => join(logs, `${name}.log`)

  const fleet = join(demo, 'fleet.json')
  const { cameras = '600', sensors = '120' } = options
  if (!existsSync(fleet)) {
    say(`生成模拟设备 making a fleet of ${cameras} cameras and ${sensors} sensors`)
    const args = ['fleet', '--seed', options.seed, '--cameras', cameras, '--sensors', sensors, '--out', demo]
    execFileSync(process.execPath, [at('device-sims/src/main.ts'), ...args])
  }
  const simulated = JSON.parse(readFileSync(fleet, 'utf8')) as DemoFleet
  const size = { cameras: simulated.cameras.length, sensors: simulated.sensors.length }
  const other = Number(options.cameras ?? size.cameras) !== size.cameras
  if (other || Number(options.sensors ?? size.sensors) !== size.sensors)
    say(
      `沿用已有的城市 the city in ${data} goes on (${size.cameras} cameras, ${size.sensors} sensors); HUB_DATA names another folder`,
    )
  const pace = paceOf(size, thisMachine())
  for (const line of paceLines(size, pace)) say(line)
  const plan = demoPlan(data, port, simulated, pace)
  const config = writeConfiguration(plan)
  const files = { data, fleet, record: join(demo, 'record.csv') }
  const past = await seedPast(files, demoGateways[1].districts, Date.now())
  if (past !== undefined) say(`写入示例数据：此前的 ${past} 段状态，非观测结果 demonstration data: a made-up past`)

  say('启动中心 starting the hub')
  const password = process.env.HUB_ADMIN_PASSWORD ?? keptSecret(demo, 'admin.password')
  processes.launch('hub', log('hub'), [at('services/hub/src/main.ts'), '--config', config.hub], {
    HUB_ADMIN_PASSWORD: password,
  })
  await untilHealthy(address, 120)
  const hub = await logIn(address, 'admin', password)
  const watching = watchFleet(hub, size)
  const secrets = join(demo, 'secrets.json')
  if (!existsSync(secrets)) {
    say('导入一机一档 importing the camera record')
    await commission(hub, { record: join(demo, 'record.csv'), secrets })
  }

  say('启动模拟设备 starting the simulators')
  const sims = ['serve', '--fleet', fleet, '--secrets', secrets, '--control', `127.0.0.1:${controlPort(port)}`]
  sims.push('--period', `${pace.probeEverySeconds}s`, ...fieldArguments(plan.gateways))
  if (!pace.multicast) sims.push('--no-multicast')
  processes.launch('sims', log('sims'), [at('device-sims/src/main.ts'), ...sims])

  say(`启动 ${plan.gateways.length} 个网关 starting ${plan.gateways.length} gateways`)
  for (const [n, file] of config.gateways.entries())
    processes.launch(`gateway-${n + 1}`, log(`gateway-${n + 1}`), [at('gateway/src/main.ts'), '--config', file])

  console.log(
    `\n  衡阳市外场设备平台 Hengyang hub   ${address}\n  登录 login                        admin   ${password}`,
  )
  // Until it is used: then it is no login any more.
  const first = join(data, 'first-login-security')
  if (existsSync(first))
    console.log(
      `  安全管理员 security administrator  security   ${readFileSync(first, 'utf8').trim()}   首次登录须修改密码 to be changed at the first login`,
    )
  console.log()
  say('按 Ctrl-C 停止 Ctrl-C ends everything')
  await watching
  say('全部在线 every device is online')
  await hub.logOut()
}

/** A line every few seconds while there is something new, until every device is online. */
async function watchFleet(hub: HubClient, size: CitySize): Promise<void> {
  const lines = createProgressLines()
  for (;;) {
    const counts = await hub.get<Commissioning>('/commissioning').catch((error: Error) => {
      // A hub that is too busy to answer is asked again; one that has ended is told of elsewhere.
      say(error.message)
      return undefined
    })
    const progress = counts && progressOf(counts, size)
    const line = progress && lines(progress, performance.now())
    if (line !== undefined) say(line)
    if (progress?.complete) return
    await new Promise((next) => setTimeout(next, 3_000))
  }
}

function say(text: string): void {
  console.log(`[${process.uptime().toFixed(1).padStart(6)} s] ${text}`)
}

function fail(text: string): never {
  console.error(text)
  process.exit(2)
}
