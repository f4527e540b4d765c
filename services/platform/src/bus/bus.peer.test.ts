/** The Bus on a real mosquitto, and our broker with mosquitto's own clients. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../log.ts'
import { freePort } from '../testing/free-port.ts'
import { type Broker, createBroker } from './broker.ts'
import { busConformance } from './conformance.ts'
import { connectBus } from './mqtt-bus.ts'
import { covers } from './topic-filter.ts'

const run = promisify(execFile)
const has = (program: string) => {
  try {
    execFileSync('sh', ['-c', `PATH="$PATH:/usr/sbin" command -v ${program}`])
    return true
  } catch {
    console.warn(`skipped: ${program} is not on PATH (apt-get install mosquitto mosquitto-clients)`)
    return false
  }
}

const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'))
afterAll(() => rmSync(folder, { recursive: true }))

const listening = (port: number) =>
  vi.waitFor(async () => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.destroy()
  }, 10_000)

if (has('mosquitto'))
  busConformance('on mosquitto', async () => {
    const port = await freePort()
    const config = join(folder, `${port}.conf`)
    writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n`)
    let mosquitto: ChildProcess | undefined
    let clients = 0
    const startBroker = async () => {
      const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }
      mosquitto = spawn('mosquitto', ['-c', config], { stdio: 'ignore', env })
      await listening(port)
    }
    await startBroker()
    return {
      startBroker,
      open: () => connectBus({ log: silentLog, url: `mqtt://127.0.0.1:${port}`, clientId: `hub-${clients++}` }),
      async stopBroker() {
        if (!mosquitto || mosquitto.exitCode !== null || mosquitto.signalCode !== null) return
        const ended = once(mosquitto, 'exit')
        mosquitto.kill('SIGKILL')
        await ended
      },
    }
  })

describe.skipIf(!has('mosquitto_pub') || !has('mosquitto_sub'))("our broker, with mosquitto's clients", () => {
  let broker: Broker<string>
  const seen: string[] = []
  afterEach(() => broker.stop())
  const note = async (_: string, topic: string, payload: Buffer): Promise<void> => void seen.push(`${topic} ${payload}`)
  const start = async (onPublish = note) => {
    seen.length = 0
    broker = createBroker<string>({
      ...{ host: '127.0.0.1', port: 0, log: silentLog, onPublish },
      authenticate: (user, password) => (password === 'secret' ? user : undefined),
      mayPublish: (user, topic) => topic.startsWith(`${user}/`),
      maySubscribe: (user, filter) => covers(`${user}/#`, filter),
    })
    await broker.start()
  }
  const to = (...args: string[]) => ['-h', '127.0.0.1', '-p', String(broker.port), '-V', 'mqttv311', ...args]
  const login = ['-u', 'a', '-P', 'secret']

  it.each(['0', '1', '2'])('mosquitto_pub publishes at QoS %s', async (qos) => {
    await start()
    await run('mosquitto_pub', to(...login, '-t', 'a/x', '-m', 'hello', '-q', qos))
    await vi.waitFor(() => expect(seen).toEqual(['a/x hello']))
  })

  it('mosquitto_sub receives it', async () => {
    await start()
    const subscriber = run(
      'mosquitto_sub',
      to(...login, '-i', 'a:sub', '-t', 'a/#', '-q', '1', '-C', '1', '-W', '10', '-v'),
    )
    await vi.waitFor(() => expect(broker.clients()).toEqual(['a']))
    await vi.waitFor(async () => {
      await run('mosquitto_pub', to(...login, '-t', 'a/x', '-m', '你好', '-q', '1'))
      expect(subscriber.child.exitCode).toBe(0)
    }, 10_000)
    expect((await subscriber).stdout).toBe('a/x 你好\n')
  })

  it.each([
    ['a wrong password', ['-u', 'a', '-P', 'guess', '-t', 'a/x', '-m', 'x']],
    ["another's client id", ['-u', 'a', '-P', 'secret', '-i', 'b', '-t', 'a/x', '-m', 'x']],
    [
      "a will on another's topic",
      [...['-u', 'a', '-P', 'secret', '-t', 'a/x', '-m', 'x'], '--will-topic', 'b/x', '--will-payload', 'x'],
    ],
  ])('%s is refused', async (_, args) => {
    await start()
    await expect(run('mosquitto_pub', to(...args))).rejects.toThrow()
    expect(seen).toEqual([])
  })

  it("a subscription to another's topics is denied", async () => {
    await start()
    const subscribe = run('mosquitto_sub', to(...login, '-i', 'a:sub', '-t', 'b/#', '-q', '1', '-C', '1', '-W', '5'))
    expect((await subscribe).stderr).toBe('All subscription requests were denied.\n')
  })

  it('mosquitto_pub waits for the PUBACK that onPublish holds back', async () => {
    const stored = Promise.withResolvers<void>()
    await start(() => stored.promise)
    const publishing = run('mosquitto_pub', to(...login, '-t', 'a/x', '-m', 'hello', '-q', '1'))
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(publishing.child.exitCode).toBeNull()
    stored.resolve()
    await publishing
  })
})
