/** Users as people come to them: made by the security administrator, and each changes the password that he was given. */
import type { DistrictCode, Role } from '@hub/contracts'
import type { Login } from '../../../infra/demo/files.ts'
import { type HubClient, logIn } from '../../../infra/demo/hub-client.ts'

/** Changes the password of a first login, which is good for nothing else. */
export async function takeOver(
  address: string,
  { user, password: oldPassword }: Login,
  password: string,
): Promise<Login> {
  const hub = await logIn(address, user, oldPassword)
  await hub.post('/session/password', JSON.stringify({ oldPassword, password }))
  return { user, password }
}

/** Makes users who can work at once. */
export async function makeUsers(
  address: string,
  security: HubClient,
  users: readonly { user: string; role: Role; districts: 'city' | readonly DistrictCode[]; unit?: string }[],
  password: string,
): Promise<void> {
  const first = `first ${password}`
  for (const user of users) {
    await security.post('/users', JSON.stringify({ ...user, password: first })).catch((error: unknown) => {
      // 204 has no JSON to read.
      if (!(error instanceof SyntaxError)) throw error
    })
    await takeOver(address, { user: user.user, password: first }, password)
  }
}
