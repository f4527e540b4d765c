/** The configuration of the hub process: the parts of all rooms. */
import { type ConfigPart, composeConfig, platformConfig } from '@hub/platform'
import type { z } from 'zod'
import { type HubConfig as Composed, rooms } from './modules.ts'

export type HubConfig = Composed

export const HubConfig = composeConfig([
  platformConfig,
  ...rooms.flatMap(({ config }): ConfigPart[] => (config ? [config] : [])),
]) as z.ZodType<HubConfig>
