/** The siren and the sign of a pole's cabinet: they do what they are asked, once for each key, and answer each time. */
import { FieldCommand, type FieldReply } from '@hub/contracts'
import type { Clock } from '../clock.ts'
import type { Acted } from '../faults/acts.ts'
import type { FleetSensor } from '../fleet/types.ts'

/** A cabinet that reports its mains has a siren and a sign besides. */
export const isActuator = ({ measures }: FleetSensor): boolean => measures.includes('mains')

const known = new Set(['sound', 'silence', 'show', 'open', 'close'])
/** Keys that it remembers. */
const keysKept = 10_000

export function createActuator(device: string, clock: Clock, acted: Acted) {
  const done = new Map<string, number>()
  const answer = (reply: Omit<FieldReply, 'v'>): string => JSON.stringify({ v: 1, ...reply } satisfies FieldReply)
  return {
    /** @returns the answer; undefined to what is no command */
    take(payload: Buffer): string | undefined {
      const command = FieldCommand.safeParse(parsed(payload)).data
      if (!command) return undefined
      const { key, command: name, args, deadline } = command
      const before = done.get(key)
      if (before !== undefined) return answer({ key, ok: true, at: before })
      const at = clock.now()
      if (!known.has(name)) return answer({ key, ok: false, at, error: `knows no ${name}` })
      if (at > deadline) return answer({ key, ok: false, at, error: 'too late' })
      done.set(key, at)
      if (done.size > keysKept) done.delete(done.keys().next().value!)
      acted({ device, what: [name, ...Object.values(args)].join(' '), key })
      return answer({ key, ok: true, at })
    },
  }
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString())
  } catch {
    return undefined
  }
}
