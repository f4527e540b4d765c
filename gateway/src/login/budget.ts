/**
 * How many refused logins are spent at a host, whatever the path: ONVIF, events, a stream, a picture. A camera locks an account after a
 * few bad tries in a row, so a login is refused twice at most and then not sent again until the configuration changes or an operator
 * asks. Two counts, because a camera may keep its accounts for ONVIF and for streams apart:
 *
 * - of the host, over all services, since any of them took the login last;
 * - of each service, since that service took it last: a stream that never takes a login that ONVIF takes is not asked for ever.
 *
 * A login that is under way counts as if it would be refused, so that paths that try at the same moment cannot overspend together:
 * the one that finds no room waits for the outcome of the others. One that the host has not taken since this process began is sent alone,
 * and written down before it is sent: what became of it when the process dies is not known, and counts for an hour.
 */
import { createHmac, randomBytes } from 'node:crypto'
import type { Clock } from '@hub/platform'

/** Refusals in a row. Cameras are known that lock an account after three. */
export const refusalLimit = 2

/** A camera refuses a login well within this. An event call that is still under way then is a pull, and is not waited for. */
const settleMs = 2_000
const mayBeLong = (service: LoginService): boolean => service.startsWith('events:')

/** A login that was under way when the process died: by then no camera counts it with those that follow. */
const lostMs = 3_600_000

/**
 * Where a login is used: `onvif:80`, `rtsp:554`. With its port, so that two devices behind one address keep counts of their own; events
 * apart from the rest of ONVIF, for which some makes want another right.
 */
export type LoginService = `${'onvif' | 'events' | 'rtsp'}:${number}`

export type Login = { readonly user: string; readonly password: string }

/** One login that may be sent, once. Its sender says what came of it. */
export interface LoginAttempt {
  accepted(): void
  /** @param locked the device says that the account is locked: nothing is left. */
  refused(locked?: boolean): void
  /** Nothing is known: it was not sent after all, or not answered, or the device only wants a fresh nonce. */
  unknown(): void
}

/** The budget of one login at one host. */
export interface LoginBudget {
  /** Refusals that are left for a service. */
  left(service: LoginService): number
  /** The same by what this service itself has refused: for one that has not wanted the login so far. */
  ownLeft(service: LoginService): number
  /**
   * A place for one login, which waits while others may still be refused.
   * @param until instant at which the waiting ends
   * @returns `spent` when nothing is left, `busy` when the waiting has ended, `held` while it is not known who would get it
   */
  attempt(service: LoginService, until: number): Promise<LoginAttempt | 'spent' | 'busy' | 'held'>
  /** An operator asks: one more try. */
  allowAnother(): void
}

/** The same budget, of which nothing is given while `isHeld` says so. */
export const heldBudget = (budget: LoginBudget, isHeld: () => boolean): LoginBudget => ({
  ...budget,
  attempt: async (service, until) => (isHeld() ? 'held' : budget.attempt(service, until)),
})

export interface LoginBudgets {
  /** One and the same budget for every caller that names this host and this login. */
  of(host: string, login: Login): LoginBudget
  close(): void
}

/** `service` null: of the host, over all services. */
export type Refused = { service: LoginService | null; refused: number }

/** Where counts outlive the process. */
export interface LoginStore {
  /** Of the digests of logins. */
  readonly salt: Buffer
  load(): ({ key: string } & Refused)[]
  /** Logins that were under way when the process died. */
  loadLost(): { key: string; service: LoginService; at: number }[]
  /** Never throws. @param key names a host and a login. */
  save(key: string, changes: readonly Refused[]): void
  /** Before a login is sent. Never throws. @returns what names it afterwards */
  begin(key: string, service: LoginService): number
  /** Its outcome is known. Never throws. */
  end(id: number): void
  /** What was lost of a host and a login says nothing any more. Never throws. */
  forget(key: string): void
  close(): void
}

type Pending = {
  readonly service: LoginService
  readonly at: number
  /** In the order in which they were begun. */
  readonly order: number
  /** Under way when an earlier process died. */
  readonly lost?: true
}
type Entry = {
  /** Refused in a row, of the host. */
  total: number
  /** Refused in a row, by service. */
  readonly own: Map<LoginService, number>
  pending: Pending[]
  waiting: (() => void)[]
  /** The last login that had been begun when the last refusal came. */
  refusedAfter: number
}

/** @param options.store where the counts outlive the process; in memory alone when absent. */
export function createLoginBudgets({ clock, store }: { clock: Clock; store?: LoginStore | undefined }): LoginBudgets {
  const salt = store?.salt ?? randomBytes(16)
  const digests = new WeakMap<Login, string>()
  /** Only what is spent or under way: a fleet of good logins costs nothing. */
  const entries = new Map<string, Entry>()
  /** What was taken since this process began, and not refused since. */
  const trusted = new Set<string>()
  let begun = 0
  for (const { key, service, refused } of store?.load() ?? []) {
    const entry = entryOf(key)
    const count = Math.min(refused, refusalLimit)
    if (service === null) entry.total = count
    else entry.own.set(service, count)
  }
  for (const { key, service, at } of store?.loadLost() ?? [])
    if (clock.now() - at < lostMs) entryOf(key).pending.push({ service, at, order: 0, lost: true })

  /** Tells logins apart and gives none away: it stands in a file. */
  function digestOf(login: Login): string {
    const known = digests.get(login)
    if (known) return known
    const digest = createHmac('sha256', salt).update(`${login.user}\0${login.password}`).digest('hex').slice(0, 16)
    digests.set(login, digest)
    return digest
  }

  function entryOf(key: string): Entry {
    const known = entries.get(key)
    if (known) return known
    const entry: Entry = { total: 0, own: new Map(), pending: [], waiting: [], refusedAfter: 0 }
    entries.set(key, entry)
    return entry
  }

  /** Forgets an entry that says nothing. */
  function tidy(key: string, entry: Entry): void {
    if (entry.total === 0 && entry.own.size === 0 && entry.pending.length === 0 && entry.waiting.length === 0)
      entries.delete(key)
  }

  /** Sets counts, in memory and in the store, where they change. */
  function set(key: string, entry: Entry, total: number, own: Iterable<readonly [LoginService, number]>): void {
    const changes: Refused[] = []
    if (total !== entry.total) changes.push({ service: null, refused: total })
    entry.total = total
    for (const [service, refused] of own) {
      if (refused === (entry.own.get(service) ?? 0)) continue
      changes.push({ service, refused })
      if (refused > 0) entry.own.set(service, refused)
      else entry.own.delete(service)
    }
    if (changes.length > 0) store?.save(key, changes)
  }

  const ownLeft = (entry: Entry | undefined, service: LoginService) => refusalLimit - (entry?.own.get(service) ?? 0)
  const left = (entry: Entry | undefined, service: LoginService) =>
    Math.max(0, Math.min(refusalLimit - (entry?.total ?? 0), ownLeft(entry, service)))

  function begin(key: string, entry: Entry, service: LoginService): LoginAttempt {
    const pending: Pending = { service, at: clock.now(), order: ++begun }
    entry.pending.push(pending)
    const written = trusted.has(key) ? undefined : store?.begin(key, service)
    let open = true
    const end = (settle: () => void) => {
      if (!open) return
      open = false
      if (written !== undefined) store?.end(written)
      entry.pending = entry.pending.filter((one) => one !== pending)
      settle()
      for (const wake of entry.waiting.splice(0)) wake()
      tidy(key, entry)
    }
    return {
      accepted: () =>
        end(() => {
          // Begun before a refusal that has come since: the login may have been changed meanwhile, and this one says nothing of it.
          if (pending.order <= entry.refusedAfter) return
          trusted.add(key)
          forgetLost(key, entry)
          set(key, entry, 0, [[service, 0]])
        }),
      refused: (locked = false) =>
        end(() => {
          trusted.delete(key)
          entry.refusedAfter = begun
          const more = (count: number) => (locked ? refusalLimit : Math.min(refusalLimit, count + 1))
          set(key, entry, more(entry.total), [[service, more(entry.own.get(service) ?? 0)]])
        }),
      unknown: () => end(() => {}),
    }
  }

  function forgetLost(key: string, entry: Entry): void {
    if (!entry.pending.some(({ lost }) => lost)) return
    entry.pending = entry.pending.filter(({ lost }) => !lost)
    store?.forget(key)
  }

  /** Resolves when an outcome is there, when the oldest that is under way no longer counts, or when the waiting ends. */
  const change = (entry: Entry, counted: readonly Pending[], until: number) =>
    new Promise<void>((resolve) => {
      const long = counted.filter(({ service }) => mayBeLong(service))
      const oldest = Math.min(...long.map(({ at }) => at + settleMs), until)
      const cancel = clock.after(Math.max(1, oldest - clock.now()), resolve)
      entry.waiting.push(() => {
        cancel()
        resolve()
      })
    })

  async function attempt(key: string, service: LoginService, until: number): Promise<LoginAttempt | 'spent' | 'busy'> {
    try {
      for (;;) {
        // It may have been forgotten meanwhile, when it had nothing to say.
        const entry = entryOf(key)
        const room = left(entry, service)
        if (room === 0) return 'spent'
        const now = clock.now()
        const lost = entry.pending.filter((one) => one.lost && now - one.at < lostMs)
        const free = refusalLimit - entry.total - lost.length
        const ownFree = ownLeft(entry, service) - lost.filter((one) => one.service === service).length
        // Nobody is left to say what came of them.
        if (free <= 0 || ownFree <= 0) return 'busy'
        const counted = entry.pending.filter((one) => !one.lost && (!mayBeLong(one.service) || now - one.at < settleMs))
        const ofService = counted.filter((one) => one.service === service)
        if (counted.length < (trusted.has(key) ? free : 1) && ofService.length < ownFree)
          return begin(key, entry, service)
        if (now >= until) return 'busy'
        await change(entry, counted, until)
      }
    } finally {
      tidy(key, entryOf(key))
    }
  }

  return {
    of(host, login) {
      const key = `${host} ${digestOf(login)}`
      return {
        left: (service) => left(entries.get(key), service),
        ownLeft: (service) => ownLeft(entries.get(key), service),
        attempt: (service, until) => attempt(key, service, until),
        allowAnother() {
          const entry = entries.get(key)
          if (!entry) return
          forgetLost(key, entry)
          const less = (count: number) => Math.min(count, refusalLimit - 1)
          set(
            key,
            entry,
            less(entry.total),
            [...entry.own].map(([service, count]) => [service, less(count)] as const),
          )
          for (const wake of entry.waiting.splice(0)) wake()
        },
      }
    },
    close: () => store?.close(),
  }
}
