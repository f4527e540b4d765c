/**
 * By which names this hub may be asked. A page of another site whose name is made to point here (DNS rebinding) is of one origin with
 * us by its name alone: so only names that we know are answered. An address is no name, and cannot be made to point elsewhere.
 */
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { HubError } from '@hub/contracts'
import type { Next, Request, Response } from 'express'

/** @param hosts beside addresses, `localhost` and the name of this machine; a name that begins with a dot stands for all below it */
export function refuseForeignHost(hosts: readonly string[]) {
  const names = ['localhost', '.localhost', hostname(), ...hosts].map((name) => name.toLowerCase())
  const isOurs = (name: string) =>
    isIP(name) !== 0 || names.some((own) => (own.startsWith('.') ? name.endsWith(own) : name === own))
  return (req: Request, _res: Response, next: Next): void => {
    const name = nameIn(req.headers.host ?? '')
    next(isOurs(name) ? undefined : new HubError('request.misdirected', { value: name }))
  }
}

/** Without its port, the brackets of an IPv6 address and the dot at the end. */
export const nameIn = (host: string): string =>
  (/^\[(.*)\](?::\d*)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, '')).replace(/\.$/, '').toLowerCase()
