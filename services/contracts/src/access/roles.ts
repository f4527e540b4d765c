/** Roles, and what each of them may do. */
import { z } from 'zod'

export const roles = ['sysadmin', 'secadmin', 'auditor', 'operator', 'commander', 'contractor'] as const
/** 三员分立: system administrator, security administrator and auditor exclude one another; the rest do the work. */
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/** `view`: sees devices, orders and figures, as far as districts and unit reach; `oversee`: also what is of no one unit (gateways, strangers, the rollout, the city's figures and scorecards). `approve`: decides on exemptions and corrections, locks scorecards; never on what one has entered oneself. `outages`: handles outages, issues work orders and verifies them. `repair`: receives, disputes and finishes work orders; without `outages` those of the own unit only. `report`: makes scorecards, enters stated figures. `emergency`: takes incidents in, acts on them, writes plans and linkage rules. */
export const permissions = [
  'view',
  'oversee',
  'registry',
  'command',
  'report',
  'approve',
  'outages',
  'repair',
  'emergency',
  'users',
  'audit',
] as const
export type Permission = (typeof permissions)[number]
export const rolePermissions: Record<Role, readonly Permission[]> = {
  sysadmin: ['view', 'oversee', 'registry', 'command', 'report', 'approve', 'outages', 'repair', 'emergency'],
  secadmin: ['users'],
  auditor: ['view', 'oversee', 'audit'],
  operator: ['view', 'oversee', 'registry', 'command', 'report', 'approve', 'outages', 'repair', 'emergency'],
  commander: ['view', 'oversee', 'command', 'outages', 'emergency'],
  contractor: ['view', 'repair'],
}
