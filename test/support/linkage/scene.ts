/**
 * A hub as a process of its own, on a Record that was filled before, and the end of its gateway's uplink in this one: batches are sent until
 * they are acknowledged, as a spool does, and commands go through the gateway's own code to simulated heads and a simulated siren, which write
 * down what they did.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Ack, Command, FieldReply, Observation, RuleDraft } from '@hub/contracts'
import { topic } from '@hub/contracts'
import { connectBus, createSystemClock, sha256, silentLog } from '@hub/platform'
import { goTo, isMoving, type PtzState, parked, presets } from '../../../device-sims/src/camera/ptz.ts'
import { type Act, createActLog } from '../../../device-sims/src/faults/acts.ts'
import { createActuator } from '../../../device-sims/src/sensor/actuator.ts'
import { createCommands } from '../../../gateway/src/commands/commands.ts'
import { openDoneStore } from '../../../gateway/src/commands/done.ts'
import { untilHealthy } from '../../../infra/demo/hub-client.ts'
import { openRecord } from '../../../services/hub/src/testing/record.ts'
import { freePorts } from '../ports.ts'

const gateway = '43040500002000000001'
const district = '430405'
const every = 60_000
const password = 'uplink of the scene'
const resendMs = 2_000

export type Place = { longitude: number; latitude: number }
export type SceneDevice = Place & { id: string; kind: 'camera' | 'sensor'; record?: object }
export const sceneId = (kind: 'camera' | 'sensor', n: number): string =>
  `${district}0000${kind === 'camera' ? '1320' : '1340'}${String(n).padStart(6, '0')}`
export const siren = sceneId('sensor', 999_999)

export async function startScene(devices: readonly SceneDevice[], rule: RuleDraft) {
  const folder = mkdtempSync(join(tmpdir(), 'linkage-'))
  const data = join(folder, 'data')
  mkdirSync(data)
  const [httpPort, busPort] = (await freePorts(2)) as [number, number]
  const path = join(data, 'record.db')
  await fill(path, [...devices, { id: siren, kind: 'sensor', longitude: 112.6, latitude: 26.9 }], rule)
  const config = join(folder, 'hub.yaml')
  const settings = {
    http: { port: httpPort },
    data,
    bus: { mode: 'embedded', host: '127.0.0.1', port: busPort },
    gateways: [{ id: gateway, name: 'scene', districts: [district], passwordHash: sha256(password) }],
    log: { level: 'warn' },
  }
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(settings), { mode: 0o600 })

  let hub: ChildProcess | undefined
  const log = openSync(join(folder, 'hub.log'), 'a')
  const start = async () => {
    const entry = resolve(import.meta.dirname, '../../../services/hub/src/main.ts')
    hub = spawn(process.execPath, [entry, '--config', config], { stdio: ['ignore', log, log] })
    await untilHealthy(`http://127.0.0.1:${httpPort}`, 100).catch((cause: unknown) => {
      throw new Error(readFileSync(join(folder, 'hub.log'), 'utf8').slice(-4_000), { cause })
    })
  }
  const end = async (signal: NodeJS.Signals) => {
    const ending = hub!
    if (ending.exitCode !== null || ending.signalCode !== null) return
    ending.kill(signal)
    await once(ending, 'exit')
  }

  const clock = createSystemClock()
  const acts = createActLog(clock.now)
  const done = openDoneStore(join(folder, 'commands.sqlite'))
  const heads = new Map<string, PtzState>()
  const actuator = createActuator(siren, { now: clock.now, after: (ms, run) => clock.after(ms, run) }, acts.acted)
  const headOf = (device: string) => heads.get(device) ?? parked(0)
  const ofCamera = {
    'ptz-presets': async () => presets.map(({ token, name }) => ({ token, name })),
    async 'ptz-goto'(device: string, { preset = '' }: Readonly<Record<string, string>>, key: string) {
      heads.set(device, goTo(headOf(device), presets.find(({ token }) => token === preset)!, clock.now()))
      acts.acted({ device, what: `preset ${preset}`, key })
    },
    'ptz-status': async (device: string) => ({ moving: isMoving(headOf(device), clock.now()) }),
  }
  const ofSiren = {
    async 'field-command'(_: string, { command = '', ...args }: Readonly<Record<string, string>>, key: string) {
      const order = { v: 1, key, command, args, deadline: clock.now() + 5_000 }
      const reply = JSON.parse(actuator.take(Buffer.from(JSON.stringify(order)))!) as FieldReply
      return { at: reply.at }
    },
  }
  const commands = createCommands({
    gateway,
    clock,
    log: silentLog,
    done,
    targets: {
      discover: async () => ({ found: 0 }),
      addCamera: async () => ({}),
      commandsOf: (device) => (device === siren ? ofSiren : ofCamera),
    },
  })

  const bus = connectBus({
    log: silentLog,
    url: `mqtt://127.0.0.1:${busPort}`,
    clientId: gateway,
    user: gateway,
    password,
  })
  const epoch = Date.now()
  let seq = 0
  let waiting: Observation[] = []
  let sent: { seq: number; payload: string; at: number } | undefined
  const publish = (payload: string) => void bus.publish(topic('observations', { gateway }), payload).catch(() => {})
  /** One batch at a time, as a spool that is cut off: the next when this one is acknowledged, again when nothing is heard. */
  const send = () => {
    if (sent && Date.now() - sent.at >= resendMs) {
      sent.at = Date.now()
      publish(sent.payload)
    }
    if (sent || waiting.length === 0) return
    seq++
    sent = { seq, payload: JSON.stringify({ v: 1, gateway, epoch, seq, observations: waiting }), at: Date.now() }
    waiting = []
    publish(sent.payload)
  }
  const sending = setInterval(send, 100)
  await start()
  await bus.subscribe(topic('acks', { gateway }), ({ payload }) => {
    if ((JSON.parse(payload.toString()) as Ack).seq === sent?.seq) sent = undefined
    send()
  })
  await bus.subscribe(topic('commands', { gateway }), ({ payload }) => {
    const command = JSON.parse(payload.toString()) as Command
    void commands.run(command).then((reply) => {
      if (reply) void bus.publish(topic('replies', { gateway }), JSON.stringify(reply)).catch(() => {})
    })
  })

  const reading = () => new DatabaseSync(path, { readOnly: true })
  return {
    folder,
    start,
    kill: () => end('SIGKILL'),
    get pid() {
      return hub!.pid!
    },
    get unacked() {
      return waiting.length + Number(sent !== undefined)
    },
    alarm(device: string, value: number, at = Date.now()) {
      const values = { water_level: value }
      waiting.push({ device, at, kind: 'telemetry', verdict: 'pass', rung: 'fresh', every, values })
      send()
    },
    acts: (): readonly (Act & { at: number })[] => acts.all(),
    /** Rows of a question to the Record, by a connection of its own. */
    ask<R>(sql: string): R[] {
      const db = reading()
      try {
        return db.prepare(sql).all() as R[]
      } finally {
        db.close()
      }
    },
    async stop() {
      clearInterval(sending)
      await bus.close()
      await end('SIGTERM')
      done.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function fill(path: string, devices: readonly SceneDevice[], rule: RuleDraft): Promise<void> {
  const record = await openRecord(path)
  const now = Date.now()
  const put = record.sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, longitude, latitude, record,
       in_service_from, updated_at)
     VALUES (?, '${district}', ?, 'emergency', 'telecom', '3', 'in-service', ?, '', ?, ?, ?, ?, 0)`,
  )
  const bind = record.sqlite.prepare('INSERT INTO device_binding (device, gateway, every_ms) VALUES (?, ?, ?)')
  const up = record.sqlite.prepare(
    "INSERT INTO device_state (device, state, since, rule, recent, last_at) VALUES (?, 'up', ?, '{}', '[]', ?)",
  )
  await record.commit(() => {
    for (const { id, kind, longitude, latitude, record: own = {} } of devices) {
      put.run(id, kind, `${kind} ${id.slice(-6)}`, longitude, latitude, JSON.stringify(own), now - 3_600_000)
      bind.run(id, gateway, every)
      if (kind === 'camera') up.run(id, now - 3_600_000, now)
    }
    record.sqlite
      .prepare(
        "INSERT INTO linkage_rule (id, version, draft, state, at, by, latest) VALUES (?, 1, ?, 'on', ?, 'test', 1)",
      )
      .run('3f2504e0-4f89-41d3-9a0c-0305e82c3301', JSON.stringify(rule), now)
  })
  await record.close()
}

/** North and east of a place, metres. */
export const moved = ({ longitude, latitude }: Place, north: number, east: number): Place => ({
  longitude: longitude + east / (111_195 * Math.cos((latitude * Math.PI) / 180)),
  latitude: latitude + north / 111_195,
})
