/** The Bus on a real mosquitto, and our broker with mosquitto's own clients. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filterCovers } from '@hub/core'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { describeWith } from '../../../../test/support/need.ts'
import { freePort, isListening } from '../../../../test/support/ports.ts'
import { type Program, runProgram, startProgram } from '../../../../test/support/program.ts'
import { silentLog } from '../log.ts'
import { type Broker, createBroker } from './broker.ts'
import { connectBus } from './mqtt-bus.ts'
import { busConformance } from './testing/conformance.ts'

const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'))
afterAll(() => rmSync(folder, { recursive: true }))

describeWith('the bus', ['mosquitto'], () =>
  busConformance('on mosquitto', async () => {
    const port = await freePort()
    const config = join(folder, `${port}.conf`)
    writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n`)
    let mosquitto: Program | undefined
    let clients = 0
    const startBroker = async () => {
      mosquitto = startProgram('mosquitto', ['-c', config])
      await mosquitto.untilReady(() => isListening(port))
    }
    await startBroker()
    return {
      startBroker,
      open: () => connectBus({ log: silentLog, url: `mqtt://127.0.0.1:${port}`, clientId: `hub-${clients++}` }),
      async stopBroker() {
        await mosquitto?.stop('SIGKILL')
      },
    }
  }),
)

describeWith("our broker, with mosquitto's clients", ['mosquitto-clients'], () => {
  let broker: Broker<string>
  const seen: string[] = []
  afterEach(() => broker.stop())
  const note = async (_: string, topic: string, payload: Buffer): Promise<void> => void seen.push(`${topic} ${payload}`)
  const start = async (onPublish = note) => {
    seen.length = 0
    broker = createBroker<string>({
      host: '127.0.0.1',
      port: 0,
      log: silentLog,
      onPublish,
      authenticate: (user, password) => (password === 'secret' ? user : undefined),
      mayPublish: (user, topic) => topic.startsWith(`${user}/`),
      maySubscribe: (user, filter) => filterCovers(`${user}/#`, filter),
    })
    await broker.start()
  }
  const to = (...args: string[]) => ['-h', '127.0.0.1', '-p', String(broker.port), '-V', 'mqttv311', ...args]
  const login = ['-u', 'a', '-P', 'secret']

  it.each(['0', '1', '2'])('mosquitto_pub publishes at QoS %s', async (qos) => {
    await start()
    expect((await runProgram('mosquitto_pub', to(...login, '-t', 'a/x', '-m', 'hello', '-q', qos))).code).toBe(0)
    await vi.waitFor(() => expect(seen).toEqual(['a/x hello']), 20_000)
  })

  it('mosquitto_sub receives it', async () => {
    await start()
    const subscriber = startProgram(
      'mosquitto_sub',
      to(...login, '-i', 'a:sub', '-t', 'a/#', '-q', '1', '-C', '1', '-W', '60', '-v'),
    )
    await vi.waitFor(() => expect(broker.clients()).toEqual(['a']), 20_000)
    await vi.waitFor(async () => {
      await runProgram('mosquitto_pub', to(...login, '-t', 'a/x', '-m', '你好', '-q', '1'))
      expect(subscriber.child.exitCode).toBe(0)
    }, 30_000)
    expect((await subscriber.ended).stdout).toBe('a/x 你好\n')
  })

  it.each([
    ['a wrong password', ['-u', 'a', '-P', 'guess', '-t', 'a/x', '-m', 'x']],
    ["another's client id", ['-u', 'a', '-P', 'secret', '-i', 'b', '-t', 'a/x', '-m', 'x']],
    [
      "a will on another's topic",
      ['-u', 'a', '-P', 'secret', '-t', 'a/x', '-m', 'x', '--will-topic', 'b/x', '--will-payload', 'x'],
    ],
  ])('%s is refused', async (_, args) => {
    await start()
    expect((await runProgram('mosquitto_pub', to(...args))).code).toBeGreaterThan(0)
    expect(seen).toEqual([])
  })

  it("a subscription to another's topics is denied", async () => {
    await start()
    const subscribe = runProgram(
      'mosquitto_sub',
      to(...login, '-i', 'a:sub', '-t', 'b/#', '-q', '1', '-C', '1', '-W', '5'),
    )
    expect((await subscribe).stderr).toBe('All subscription requests were denied.\n')
  })

  it('mosquitto_pub waits for the PUBACK that onPublish holds back', async () => {
    const stored = Promise.withResolvers<void>()
    const called = Promise.withResolvers<void>()
    await start(() => {
      called.resolve()
      return stored.promise
    })
    const publishing = startProgram('mosquitto_pub', to(...login, '-t', 'a/x', '-m', 'hello', '-q', '1'))
    await called.promise
    // Time enough for a PUBACK that should not come.
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(publishing.child.exitCode).toBeNull()
    stored.resolve()
    expect((await publishing.ended).code).toBe(0)
  })
})
