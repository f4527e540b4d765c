/** Messages between a gateway and the centre beside its observations. They cross the uplink. */
import type { Message } from '../message.ts'
import { AssignmentMessage } from './assignment.ts'
import { Command, CommandReply } from './command.ts'
import { FieldCommand, FieldReply } from './field-command.ts'
import { Inventory, InventoryWanted } from './inventory.ts'
import { KeyWanted } from './key.ts'
import { GatewayStatus } from './status.ts'

export const gatewaysMessages = {
  status: { topic: 'hub/v1/gateways/{gateway}/status', schema: GatewayStatus },
  inventory: { topic: 'hub/v1/gateways/{gateway}/inventory', schema: Inventory },
  inventoryWanted: { topic: 'hub/v1/gateways/{gateway}/inventory-wanted', schema: InventoryWanted },
  keyWanted: { topic: 'hub/v1/gateways/{gateway}/key-wanted', schema: KeyWanted },
  assignment: { topic: 'hub/v1/gateways/{gateway}/assignment', schema: AssignmentMessage },
  commands: { topic: 'hub/v1/gateways/{gateway}/commands', schema: Command },
  replies: { topic: 'hub/v1/gateways/{gateway}/replies', schema: CommandReply },

  /** At the gateway's field broker: to a siren, a sign or a barrier, and what it answers. */
  fieldCommand: { topic: 'field/v1/{device}/commands', schema: FieldCommand },
  fieldReply: { topic: 'field/v1/{device}/replies', schema: FieldReply },
} as const satisfies Record<string, Message>
