import { randomUUID } from 'node:crypto'
import { CommandReply, HubError } from '@hub/contracts'
import { createManualClock, silentLog } from '@hub/platform'
import { describe, expect, it } from 'vitest'
import type { DeviceCommands } from '../adapters/index.ts'
import { type CommandTargets, createCommands } from './commands.ts'
import { openDoneStore } from './done.ts'

const gateway = '43040500002000000001'
const camera = '43040500001310000001'
const sensor = '43040500001320000001'

function testCommands(more: DeviceCommands = {}) {
  const clock = createManualClock()
  const calls: string[] = []
  const call = (name: string, result: unknown) => async (device: string, args: Readonly<Record<string, string>>) => {
    calls.push([name, device, ...Object.values(args)].join(' '))
    return result
  }
  const ofCamera: DeviceCommands = {
    probe: call('probe', { verdict: 'pass' }),
    identify: call('identify', { model: 'M' }),
    'ptz-presets': call('ptz-presets', [{ token: '1', name: 'gate' }]),
    'ptz-goto': call('ptz-goto', undefined),
    explain: call('explain', { probes: [] }),
    ...more,
  }
  const targets: CommandTargets = {
    async discover() {
      calls.push('discover')
      return { found: 3 }
    },
    async addCamera(xaddr) {
      calls.push(`add-camera ${xaddr}`)
      return { endpoint: 'e' }
    },
    commandsOf: (id) => (({ [camera]: ofCamera, [sensor]: {} }) as Record<string, DeviceCommands>)[id],
  }
  const done = openDoneStore(':memory:')
  const fullDisk = () => {
    done.put = () => {
      throw new Error('database or disk is full')
    }
  }
  const commands = createCommands({ gateway, clock, log: silentLog, targets, done })
  const command = (name: string, fields: object = {}) => ({
    v: 1,
    id: randomUUID() as string,
    name,
    deadline: clock.now() + 10_000,
    ...fields,
  })
  const reply = async (message: unknown) => CommandReply.parse(await commands.run(message))
  return { clock, calls, commands, command, reply, fullDisk }
}

describe('a command', () => {
  it.each([
    ['discover', {}, 'discover', { found: 3 }],
    ['probe', { device: camera }, `probe ${camera}`, { verdict: 'pass' }],
    ['identify', { device: camera }, `identify ${camera}`, { model: 'M' }],
    ['ptz-presets', { device: camera }, `ptz-presets ${camera}`, [{ token: '1', name: 'gate' }]],
    ['ptz-goto', { device: camera, args: { preset: '7' } }, `ptz-goto ${camera} 7`, null],
    ['add-camera', { args: { xaddr: 'http://10.0.0.9/' } }, 'add-camera http://10.0.0.9/', { endpoint: 'e' }],
    ['explain', { device: camera }, `explain ${camera}`, { probes: [] }],
  ])('%s runs and is answered', async (name, fields, call, result) => {
    const { calls, command, reply } = testCommands()
    const message = command(name, fields)
    expect(await reply(message)).toMatchObject({ id: message.id, gateway, ok: true, result })
    expect(calls).toEqual([call])
  })

  it('with a key is done once also where the disk is too full to write it down', async () => {
    const { calls, command, reply, fullDisk } = testCommands()
    fullDisk()
    const fields = { device: camera, args: { preset: '7' }, key: randomUUID() }
    for (let n = 0; n < 2; n++)
      expect(await reply(command('ptz-goto', fields))).toMatchObject({ ok: true, result: null })
    expect(calls).toEqual([`ptz-goto ${camera} 7`])
  })

  it.each([
    ['probe', {}, 'request.invalid', 'device is missing: probe needs a device'],
    ['probe', { device: '43040500001310000009' }, 'device.unknown', 'there is no device 43040500001310000009'],
    ['probe', { device: sensor }, 'request.invalid', `device is ${sensor}: probe is not for this device`],
    ['ptz-goto', { device: camera }, 'request.invalid', 'args.preset is missing: ptz-goto needs a preset token'],
    ['add-camera', {}, 'request.invalid', 'args.xaddr is missing: add-camera needs an address'],
    [
      'reboot',
      { device: camera },
      'payload.invalid',
      'command: name: Invalid option: expected one of "discover"|"add-camera"|"probe"|"identify"|"ptz-presets"|"ptz-goto"|"ptz-status"|"snapshot"|"field-command"|"explain"|"accept-certificate"',
    ],
  ])('%s with %j is refused as %s', async (name, fields, code, text) => {
    const { calls, command, reply } = testCommands()
    const answer = await reply(command(name, fields))
    expect(answer).toMatchObject({ ok: false, error: { code, message: text } })
    expect(calls).toEqual([])
  })

  it('past its deadline does nothing', async () => {
    const { clock, calls, command, reply } = testCommands()
    const late = command('discover')
    clock.advance(10_000)
    const { error } = await reply(late)
    expect(error?.code).toBe('command.expired')
    expect(error?.message).toBe(`the gateway ${gateway} did not answer before ${new Date(late.deadline).toISOString()}`)
    expect(calls).toEqual([])
  })

  it('that takes too long is answered at its deadline', async () => {
    const { clock, command, reply } = testCommands({ probe: () => new Promise(() => {}) })
    const answer = reply(command('probe', { device: camera }))
    await clock.advanceAsync(10_000)
    expect((await answer).error?.code).toBe('command.expired')
  })

  it('that came twice runs once and gets the same answer', async () => {
    const { calls, command, reply, clock } = testCommands()
    const message = command('probe', { device: camera })
    const [first, second] = await Promise.all([reply(message), reply(message)])
    clock.advance(60_000)
    expect([second, await reply(message)]).toEqual([first, first])
    expect(calls.length).toBe(1)
  })

  it('that fails says why: with the code of the table, or as command.failed', async () => {
    const { command, reply } = testCommands({
      probe: () => Promise.reject(new Error('no route')),
      identify: () => Promise.reject(new HubError('device.unknown', { value: camera })),
    })
    expect((await reply(command('probe', { device: camera }))).error).toEqual({
      code: 'command.failed',
      message: 'the command probe failed: no route',
    })
    expect((await reply(command('identify', { device: camera }))).error?.code).toBe('device.unknown')
  })

  it('beyond thirty-two at a time is refused', async () => {
    const { command, reply } = testCommands({ probe: () => new Promise(() => {}) })
    for (let i = 0; i < 32; i++) void reply(command('probe', { device: camera }))
    expect((await reply(command('discover'))).error?.message).toBe(
      'the command discover failed: 32 commands are running already',
    )
  })

  it('without an id cannot be answered', async () => {
    const { commands } = testCommands()
    expect(await commands.run({ v: 1, name: 'discover' })).toBeUndefined()
    expect(await commands.run(undefined)).toBeUndefined()
  })
})
