/** Logging in, and the session that follows. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Instant } from '../common/time.ts'
import { permissions, Role } from './roles.ts'

/** Name of the cookie that holds the session's token. */
export const sessionCookie = 'hub_session'

export const Login = z.strictObject({ user: z.string().min(1).max(64), password: z.string().min(1).max(256) })
/** A password that a person gives himself or another. */
export const Password = z.string().min(10).max(256)
/** One's own: who has only found the desk open does not know the old one. */
export const PasswordChange = z.strictObject({ oldPassword: z.string().min(1).max(256), password: Password })
export const Session = z.strictObject({
  user: z.string(),
  role: Role,
  permissions: z.array(z.enum(permissions)),
  /** `city`, or the viewer's districts. */
  districts: z.union([z.literal('city'), z.array(DistrictCode)]),
  /** Whose work orders the viewer repairs; null: of no unit. */
  unit: z.string().nullable(),
  /** The password is one that somebody else knows: nothing but changing it is answered. */
  mustChangePassword: z.boolean(),
  expiresAt: Instant,
})
export type Session = z.infer<typeof Session>
