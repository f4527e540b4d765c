/** Messages of the registry. They stay in the centre. */
import type { Message } from '../message.ts'
import { RecordChangeProposed } from '../uptime/record-change.ts'
import { RegistryChanged, TopologyChanged } from './registry-changed.ts'

export const registryMessages = {
  'registry.changed': { topic: 'hub/v1/registry/changed', schema: RegistryChanged },
  'topology.changed': { topic: 'hub/v1/topology/changed', schema: TopologyChanged },
  recordChangeProposed: { topic: 'hub/v1/record-change/proposed', schema: RecordChangeProposed },
} as const satisfies Record<string, Message>
