/** Users and the units that they belong to. */

import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Unit } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { limitText } from '../errors/limits.ts'
import { Role } from './roles.ts'
import { Password } from './session.ts'

const Districts = z.union([z.literal('city'), z.array(DistrictCode).min(1)])

export const NewUser = z.strictObject({
  user: z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/, limitText('user-name')),
  /** For the first login only: it must be changed there. */
  password: Password,
  role: Role,
  districts: Districts,
  /** Needed to repair without handling outages: a contractor sees and steps the orders of its unit. */
  unit: Unit.optional(),
})
export type NewUser = z.infer<typeof NewUser>
export const UserRow = z.strictObject({
  user: z.string(),
  role: Role,
  districts: z.union([z.literal('city'), z.array(DistrictCode)]),
  unit: z.string().nullable(),
  /** May not log in. */
  disabled: z.boolean(),
  /** After too many wrong passwords, until then; null: is not. */
  lockedUntil: Instant.nullable(),
  mustChangePassword: z.boolean(),
})
export type UserRow = z.infer<typeof UserRow>
export const UserList = z.strictObject({
  users: z.array(UserRow),
  /** Units that work orders go to: of users, maintainers of the camera record, of orders; so that a name is chosen, not mistyped. */
  units: z.array(z.string()),
})
export type UserList = z.infer<typeof UserList>
/** What is left out stays. Each ends the user's sessions: what was open is not what may be seen now. */
export const UserChange = z.strictObject({
  role: Role.optional(),
  districts: Districts.optional(),
  unit: Unit.nullable().optional(),
  disabled: z.boolean().optional(),
})
export type UserChange = z.infer<typeof UserChange>
/** By the security administrator, who then knows it: the user must change it at the next login. */
export const PasswordReset = z.strictObject({ password: Password })
