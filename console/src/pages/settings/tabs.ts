/** The tabs of the settings, and the permission that each takes. Pure. */
import type { Permission } from '@hub/contracts'

export const settingsTabs = [
  'gateways',
  'discovered',
  'rollout',
  'registry',
  'topology',
  'channels',
  'refused',
  'users',
  'audit',
] as const
export type SettingsTab = (typeof settingsTabs)[number]

export const tabPermission: Readonly<Record<SettingsTab, Permission>> = {
  gateways: 'oversee',
  discovered: 'oversee',
  rollout: 'oversee',
  registry: 'view',
  topology: 'oversee',
  channels: 'outages',
  refused: 'registry',
  users: 'users',
  audit: 'audit',
}

/** A name that is none of them leads to the first. */
export const tabOf = (below: string): SettingsTab => settingsTabs.find((tab) => tab === below) ?? 'gateways'
