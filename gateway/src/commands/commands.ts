/**
 * Commands from the centre: each runs once, within its deadline, and is answered once; the same id again gets the same answer, and so does the
 * same key, also after a restart, once it was done.
 */
import { Command, type CommandReply, type GatewayId, HubError, parseOr } from '@hub/contracts'
import type { Clock, Log } from '@hub/platform'
import { z } from 'zod'
import type { DeviceCommandName, DeviceCommands } from '../adapters/index.ts'
import type { DoneStore } from './done.ts'

/** What commands may ask of the gateway. Each rejects with a HubError of the table, or any error, which becomes `command.failed`. */
export type CommandTargets = {
  discover(): Promise<{ found: number }>
  /** Looks at an address that an operator names. */
  addCamera(xaddr: string): Promise<unknown>
  /** What can be asked of a device; undefined when it is not assigned. */
  commandsOf(device: string): DeviceCommands | undefined
}

export interface Commands {
  /** Takes what came, as parsed JSON. Never rejects; undefined when it has no id that could be answered (logged). */
  run(message: unknown): Promise<CommandReply | undefined>
}

/** Answers kept for duplicates: QoS 1 delivers again within seconds, not after hundreds of other commands. */
const answersKept = 256
/** Cameras answer slowly: more at a time would only hide it. */
const runningLimit = 32

export function createCommands(options: {
  gateway: GatewayId
  clock: Clock
  log: Log
  targets: CommandTargets
  done: DoneStore
}): Commands {
  const { gateway, clock, log, targets, done } = options
  const answers = new Map<string, Promise<CommandReply>>()
  /** Done, and not on disk: it was full. That is no reason to do it again while this process lives. */
  const unwritten = new Map<string, { result: unknown }>()
  /** Under way, by key. */
  const keyed = new Map<string, Promise<unknown>>()
  let running = 0

  const answer = async (id: string, message: unknown): Promise<CommandReply> => {
    const head = { v: 1, id, gateway } as const
    try {
      const result = await withDeadline(parseOr(Command, message, 'payload.invalid', { value: 'command' }))
      return { ...head, at: clock.now(), ok: true, result: JSON.parse(JSON.stringify(result ?? null)) }
    } catch (error) {
      const { code, message: text } = asHubError(message, error)
      log.info({ command: id, code, reason: text }, 'a command was not done')
      return { ...head, at: clock.now(), ok: false, error: { code, message: text.slice(0, 512) } }
    }
  }

  /**
   * What has a key is done once: whoever asks meanwhile or after is told what came of it, also where it was done after the deadline. What
   * failed may be tried again.
   */
  const once = ({ key }: Command, work: () => Promise<unknown>): Promise<unknown> => {
    if (key === undefined) return work()
    const before = unwritten.get(key) ?? done.get(key)
    if (before) return Promise.resolve(before.result)
    const underWay =
      keyed.get(key) ??
      work()
        .then((result) => {
          try {
            done.put(key, result ?? null, clock.now())
          } catch (err) {
            log.warn({ err, key }, 'what was done cannot be written down: a restart would forget it')
            unwritten.set(key, { result: result ?? null })
          }
          return result
        })
        .finally(() => keyed.delete(key))
    keyed.set(key, underWay)
    return underWay
  }

  const withDeadline = async (command: Command): Promise<unknown> => {
    const expired = () =>
      new HubError('command.expired', { value: gateway, limit: new Date(command.deadline).toISOString() })
    const left = command.deadline - clock.now()
    if (left <= 0) throw expired()
    const work = action(command, targets)
    if (running >= runningLimit) throw failed(command.name, `${runningLimit} commands are running already`)
    running += 1
    return new Promise((resolve, reject) => {
      const cancel = clock.after(left, () => reject(expired()))
      once(command, work)
        .then(resolve, reject)
        .finally(() => {
          running -= 1
          cancel()
        })
    })
  }

  return {
    async run(message) {
      const named = Named.safeParse(message)
      if (!named.success) {
        log.warn('a command without an id was ignored')
        return undefined
      }
      const { id } = named.data
      const known = answers.get(id)
      if (known) return known
      const reply = answer(id, message)
      answers.set(id, reply)
      if (answers.size > answersKept) answers.delete(answers.keys().next().value!)
      return reply
    },
  }
}

/** Enough of a command to answer it. */
const Named = z.object({ id: z.uuid() })

/** Arguments without which a command is not begun, and what each is. */
const needed: Partial<Record<DeviceCommandName, readonly (readonly [argument: string, is: string])[]>> = {
  'ptz-goto': [['preset', 'a preset token']],
  'field-command': [['command', 'a command']],
  'accept-certificate': [['fingerprint', 'the fingerprint of a certificate']],
}

/** What a command does. Its arguments are checked before anything runs. @throws HubError request.invalid, device.unknown */
function action({ id, key = id, name, device, args = {} }: Command, targets: CommandTargets): () => Promise<unknown> {
  if (name === 'discover') return () => targets.discover()
  if (name === 'add-camera') {
    const { xaddr } = args
    if (xaddr !== undefined) return () => targets.addCamera(xaddr)
    throw new HubError('request.invalid', { field: 'args.xaddr', value: xaddr, limit: `${name} needs an address` })
  }
  if (device === undefined)
    throw new HubError('request.invalid', { field: 'device', value: device, limit: `${name} needs a device` })
  const commands = targets.commandsOf(device)
  if (!commands) throw new HubError('device.unknown', { value: device })
  const command = commands[name]
  if (!command)
    throw new HubError('request.invalid', { field: 'device', value: device, limit: `${name} is not for this device` })
  for (const [argument, is] of needed[name] ?? [])
    if (args[argument] === undefined)
      throw new HubError('request.invalid', {
        field: `args.${argument}`,
        value: undefined,
        limit: `${name} needs ${is}`,
      })
  return () => command(device, args, key)
}

const failed = (name: unknown, limit: string) => new HubError('command.failed', { field: String(name), limit })

const asHubError = (message: unknown, error: unknown): HubError =>
  error instanceof HubError
    ? error
    : failed((message as Command).name, error instanceof Error ? error.message : String(error))
