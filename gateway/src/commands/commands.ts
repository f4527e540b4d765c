/** Commands from the centre: each runs once, within its deadline, and is answered once; the same id again gets the same answer. */
import { type AssignedDevice, Command, type CommandReply, type GatewayId, HubError, parseOr } from '@hub/contracts'
import type { Clock, Log } from '@hub/platform'
import { z } from 'zod'

/** What commands may ask of the gateway. Each rejects with a HubError of the table, or any error, which becomes `command.failed`. */
export type CommandTargets = {
  discoverNow(): Promise<{ found: number }>
  probeNow(device: string): Promise<unknown>
  identify(device: string): Promise<unknown>
  ptzPresets(device: string): Promise<unknown>
  ptzGoto(device: string, preset: string): Promise<unknown>
  /** Asks nothing of the camera. */
  explain(device: string): unknown
  /** What is assigned under this id. */
  kindOf(device: string): AssignedDevice['kind'] | undefined
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
}): Commands {
  const { gateway, clock, log, targets } = options
  const answers = new Map<string, Promise<CommandReply>>()
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
      work()
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

/** What a command does. Its arguments are checked before anything runs. @throws HubError request.invalid, device.unknown */
function action({ name, device, args }: Command, targets: CommandTargets): () => Promise<unknown> {
  if (name === 'discover') return () => targets.discoverNow()
  if (device === undefined)
    throw new HubError('request.invalid', { field: 'device', value: device, limit: `${name} needs a device` })
  const kind = targets.kindOf(device)
  if (!kind) throw new HubError('device.unknown', { value: device })
  if (kind !== 'camera')
    throw new HubError('request.invalid', { field: 'device', value: device, limit: `${name} is for cameras` })
  if (name === 'probe') return () => targets.probeNow(device)
  if (name === 'identify') return () => targets.identify(device)
  if (name === 'explain') return async () => targets.explain(device)
  if (name === 'ptz-presets') return () => targets.ptzPresets(device)
  const preset = args?.preset
  if (preset === undefined)
    throw new HubError('request.invalid', {
      field: 'args.preset',
      value: preset,
      limit: `${name} needs a preset token`,
    })
  return () => targets.ptzGoto(device, preset)
}

const failed = (name: unknown, limit: string) => new HubError('command.failed', { field: String(name), limit })

const asHubError = (message: unknown, error: unknown): HubError =>
  error instanceof HubError
    ? error
    : failed((message as Command).name, error instanceof Error ? error.message : String(error))
