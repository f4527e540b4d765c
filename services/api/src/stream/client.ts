/**
 * One open stream. It has no queue of its own: while its socket is full nothing is written, and once it has drained it
 * gets from its channel's ring what it missed, or a fresh snapshot when the ring has gone on without it.
 */
import type { ServerResponse } from 'node:http'

export interface Client {
  readonly session: string
  readonly user: string
  /** Writes what is new, unless the socket is full. */
  flush(): void
  /** Beside the channel: never numbered, never repeated. */
  send(text: string): void
  end(): void
  /** For how long the socket has been full, milliseconds; 0 when it is not. */
  stuckMs(now: number): number
}

/** The part of a channel that a client reads. */
type Source = { readonly seq: number; after(seq: number): Buffer | undefined; snapshot(): Buffer }
type ClientOptions = { session: string; user: string; now(): number; onResync(): void; onClose(): void }

/** @param seen the client's `Last-Event-ID`; undefined for a first visit. */
export function openClient(
  res: ServerResponse,
  channel: Source,
  seen: number | undefined,
  options: ClientOptions,
): Client {
  let at = seen
  let fullSince: number | null = null
  let snapshots = 0

  const closed = () => res.destroyed || res.writableEnded
  const write = (bytes: string | Buffer) => {
    if (!res.write(bytes)) fullSince = options.now()
  }
  const flush = () => {
    if (fullSince !== null || closed() || at === channel.seq) return
    const missed = at === undefined ? undefined : channel.after(at)
    at = channel.seq
    if (missed) return missed.length > 0 ? write(missed) : undefined
    if (snapshots++ > 0) options.onResync()
    write(channel.snapshot())
  }
  res.on('drain', () => {
    fullSince = null
    flush()
  })
  res.on('close', options.onClose)
  res.on('error', () => res.destroy())
  flush()
  return {
    session: options.session,
    user: options.user,
    flush,
    send: (text) => (fullSince === null && !closed() ? write(text) : undefined),
    // A full socket would never get to its end.
    end: () => (fullSince === null ? res.end() : res.destroy()),
    stuckMs: (now) => (fullSince === null ? 0 : now - fullSince),
  }
}
