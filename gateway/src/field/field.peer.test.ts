/** Sensors that we did not write: mosquitto_pub and mosquitto_sub against the field broker. */
import { createSystemClock } from '@hub/platform'
import { expect, it } from 'vitest'
import { describeWith } from '../../../test/support/need.ts'
import { runProgram } from '../../../test/support/program.ts'
import { other, otherPassword, password, sensor, telemetry, testBroker } from './fixtures.ts'

const message = JSON.stringify({ at: createSystemClock().now(), values: { pm25: 35 } })
const login = ['-u', sensor, '-P', password, '-i', sensor]

describeWith('mosquitto_pub', ['mosquitto-clients'], () => {
  async function withBroker() {
    const test = await testBroker()
    const to = ['-h', '127.0.0.1', '-p', String(test.broker.port), '-V', '311']
    /** What it said on stderr; empty when the broker took everything. */
    const publish = async (...args: string[]) => {
      const { stderr, signal } = await runProgram('mosquitto_pub', [...to, '-q', '1', ...args])
      return signal ? `${stderr}killed: it did not end` : stderr
    }
    return { ...test, to, publish }
  }

  it('reports as a sensor', async () => {
    const { emitted, publish } = await withBroker()
    expect(await publish(...login, '-t', telemetry(sensor), '-m', message)).toBe('')
    expect(emitted).toMatchObject([{ device: sensor, verdict: 'pass', values: { pm25: 35 } }])
  })

  it('reports without naming a client id', async () => {
    const { emitted, publish } = await withBroker()
    expect(await publish('-u', sensor, '-P', password, '-t', telemetry(sensor), '-m', message)).toBe('')
    expect(emitted.length).toBe(1)
  })

  it('with a payload that is no telemetry is answered, and the message is counted', async () => {
    const { broker, emitted, publish } = await withBroker()
    expect(await publish(...login, '-t', telemetry(sensor), '-m', 'hello')).toBe('')
    expect(broker.stats().malformed).toBe(1)
    // It is alive, and what it said is kept for whoever examines it.
    const deadLetter = { payload: Buffer.from('hello').toString('base64'), reason: 'body: must be JSON' }
    expect(emitted).toMatchObject([{ device: sensor, verdict: 'degraded', reason: 'malformed', deadLetter }])
  })

  it('with a wrong password is refused', async () => {
    const { emitted, publish } = await withBroker()
    const said = await publish('-u', sensor, '-P', otherPassword, '-i', sensor, '-t', telemetry(sensor), '-m', message)
    expect(said).toContain('not authorised')
    expect(emitted).toEqual([])
  })

  it("on another's topic is cut off", async () => {
    const { emitted, publish } = await withBroker()
    expect(await publish(...login, '-t', telemetry(other), '-m', message)).not.toBe('')
    expect(emitted).toEqual([])
  })

  it('with the retain flag is heard as data, and nobody can ask for it again', async () => {
    const { emitted, publish, to } = await withBroker()
    expect(await publish(...login, '-r', '-t', telemetry(sensor), '-m', message)).toBe('')
    expect(emitted.length).toBe(1)
    const { stdout, stderr } = await runProgram('mosquitto_sub', [...to, ...login, '-t', telemetry(sensor), '-W', '1'])
    expect([stdout, stderr]).toEqual(['', expect.stringContaining('denied')])
  })

  it.each(['#', '+/#', 'field/v1/+/telemetry', telemetry(sensor)])('may not listen to %s', async (filter) => {
    const { to } = await withBroker()
    const asOther = ['-u', other, '-P', otherPassword, '-i', other]
    const { stderr } = await runProgram('mosquitto_sub', [...to, ...asOther, '-t', filter, '-W', '2'])
    expect(stderr).toContain('denied')
  })
})
