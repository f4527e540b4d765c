/** The assignment as gateways kept it before: the whole list in one JSON file. Read, and never written. */
import { readFileSync } from 'node:fs'
import { Assignment, type GatewayId } from '@hub/contracts'
import type { Log } from '@hub/platform'

/** Undefined when there is none for this gateway that can be read (logged: the centre will send another). */
export function readLegacyAssignment(path: string, gateway: GatewayId, log: Log): Assignment | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  try {
    const assignment = Assignment.parse(JSON.parse(text))
    if (assignment.gateway === gateway) return assignment
    log.warn({ path, of: assignment.gateway }, 'the stored assignment is of another gateway: not used')
  } catch (error) {
    log.warn(
      { path, reason: String(error).slice(0, 200) },
      'the stored assignment cannot be read: waiting for the centre',
    )
  }
  return undefined
}
