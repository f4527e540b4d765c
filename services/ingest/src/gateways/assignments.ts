/** Sends each gateway the list of what it has to watch, until its status names the version in force. */
import { type Assignment, type GatewayId, type GatewayStatus, topic } from '@hub/contracts'
import { type Deps, readAssignment } from '@hub/platform'

type AssignmentDeps = Pick<Deps, 'record' | 'bus' | 'log'>

export function createAssignments({ record, bus, log }: AssignmentDeps) {
  async function send(gateway: GatewayId): Promise<void> {
    const inForce = await readAssignment(record.db, gateway)
    if (!inForce) return
    const assignment: Assignment = { v: 1, gateway, ...inForce }
    await bus.publish(topic('assignment', { gateway }), JSON.stringify(assignment))
    log.info({ gateway, version: inForce.version, devices: inForce.devices.length }, 'assignment sent')
  }

  return {
    send,
    /** A gateway that says it holds another version gets the one in force. */
    async sendUnlessHeld({ gateway, assignment, online }: GatewayStatus): Promise<void> {
      if (!online) return
      const row = await record.db
        .selectFrom('gateway')
        .select('assignment_version')
        .where('id', '=', gateway)
        .executeTakeFirst()
      if (row && row.assignment_version !== assignment) await send(gateway)
    },
  }
}
