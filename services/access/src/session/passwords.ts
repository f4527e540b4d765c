/** Passwords: argon2id (RFC 9106), and the same work for a user who does not exist. */
import { HubError, limitText } from '@hub/contracts'
import { hash, verify } from '@node-rs/argon2'

/** `memoryCost` in KiB, `timeCost` in passes. */
export type PasswordCost = { memoryCost: number; timeCost: number }
/** OWASP Password Storage: 19 MiB, two passes, one lane. */
export const defaultCost: PasswordCost = { memoryCost: 19_456, timeCost: 2 }

export interface Passwords {
  hash(password: string): Promise<string>
  /** `stored` undefined: does the work against a decoy and answers no. */
  verify(stored: string | undefined, password: string): Promise<boolean>
}

export function createPasswords(cost: PasswordCost = defaultCost): Passwords {
  const options = { ...cost, parallelism: 1 }
  let decoy: Promise<string> | undefined
  return {
    hash: (password) => hash(password, options),
    async verify(stored, password) {
      decoy ??= hash('decoy', options)
      const matches = await verify(stored ?? (await decoy), password, options)
      return matches && stored !== undefined
    },
  }
}

/** @param old undefined where it is not known. @throws HubError `request.invalid` when it holds the user's name, or is the old one */
export function requireNewPassword(user: string, password: string, old?: string): void {
  const limit =
    password === old
      ? 'password-new'
      : password.toLowerCase().includes(user.toLowerCase())
        ? 'password-name'
        : undefined
  if (limit) throw new HubError('request.invalid', { field: 'password', value: '…', limit: limitText(limit) })
}
