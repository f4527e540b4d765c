/** The assignment on disk, so that a gateway restarted without the centre goes on probing. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { Assignment, type GatewayId } from '@hub/contracts'
import type { Log } from '@hub/platform'

/** The stored assignment; undefined when there is none for this gateway that can be read (logged: the centre will send another). */
export function loadAssignment(path: string, gateway: GatewayId, log: Log): Assignment | undefined {
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

/** Whole or not at all: written aside, on the platter, then renamed; a power cut leaves the old one or the new one. 0600: it holds password hashes. */
export function saveAssignment(path: string, assignment: Assignment): void {
  const aside = `${path}.new`
  const file = openSync(aside, 'w', 0o600)
  try {
    writeSync(file, JSON.stringify(assignment))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(aside, path)
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
