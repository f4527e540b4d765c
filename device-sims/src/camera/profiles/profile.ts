/** How a make of camera behaves: data, for every place where the standard leaves room or makers leave the standard. */
import type { DigestAlgorithm } from '../digest.ts'

export type Profile = {
  name: string
  /** What is odd, in a line. */
  quirk: string
  /** Where it was met in the field; absent: from the project's own requirements. */
  seen?: string
  /** Which UsernameToken passwords it takes. */
  token: 'digest' | 'text' | 'both' | 'none'
  /** Calls want HTTP Digest instead; `nonceTail` is put behind its nonces, and each is good for one call where `nonceOnce` says so. */
  http?: { algorithm: DigestAlgorithm; nonceTail: string; nonceOnce?: true }
  /** Even GetSystemDateAndTime asks for credentials. */
  timeNeedsLogin: boolean
  /** How far `Created` may lie from its own clock. */
  toleranceMs: number
  /** Its clock minus the true one when it leaves the factory. */
  clockOffsetMs: number
  /** The clock that it tells minus its own, by which it judges tokens. */
  toldClockMs?: number
  /** What it tells instead of a date: one that cannot be, or none. */
  date?: 'impossible' | 'none'
  /** A call whose Content-Type names no `action` is answered with 200 and nothing. */
  needsAction?: true
  /** How long it thinks before each answer. */
  delayMs: number
  /** Host that it writes into its addresses instead of its own. */
  host?: string
  /** The same for its streams alone. */
  streamHost?: string
  /** Written behind the path of a stream, as it stands. */
  streamQuery?: string
  /** Endpoint UUID that every device of the make has from its factory. */
  endpoint?: string
  /** Its ProbeMatches say that they answer somebody else. */
  strayMatches?: true
  /** What its scopes say instead of its name, as it stands. @param id its 20-digit code */
  scopeName?: (id: string) => string
  /** Attributes of one element of its device information. */
  attributes?: number
  /** Two of them that lose power together come back with each other's address. */
  tradesAddress?: true
  /** Each start makes another certificate. */
  newCertificates?: true
  /** ProbeMatch elements in one answer. */
  probeMatches: 1 | 2
  /** Namespace prefixes that it writes instead of the usual ones. */
  prefixes: Readonly<Record<string, string>>
  /** What an unknown call gets: a SOAP fault, the one that gSOAP makes by itself, or HTTP 400 with a page. */
  unknownCall: 'fault' | 'gsoap' | 'bad-request'
  /** Whether it says that it has the pull points that it has. */
  saysPullPoint: boolean
  /** How an HTTP body ends: by length, in chunks, or with the connection. */
  framing: 'length' | 'chunked' | 'close'
  /** `marked`: UTF-8 behind a byte-order mark, under a declaration of GB2312. */
  charset: 'UTF-8' | 'GB2312' | 'marked'
  /** Whether its PTZ service exists at all. */
  ptz: boolean
  /** It has media version 2 and no version 1. */
  media2: boolean
  https: boolean
  /** It loses power by itself. */
  reboots?: { everyMs: number; forMs: number }
  /** After so many wrong logins in a row it refuses everyone for a while. */
  lockout?: { tries: number; forMs: number }
}

/** A camera that does what the standard says. */
export const plain: Profile = {
  name: 'plain',
  quirk: 'none',
  token: 'digest',
  timeNeedsLogin: false,
  toleranceMs: 60_000,
  clockOffsetMs: 0,
  delayMs: 0,
  probeMatches: 1,
  prefixes: {},
  unknownCall: 'fault',
  saysPullPoint: true,
  framing: 'length',
  charset: 'UTF-8',
  ptz: true,
  media2: false,
  https: false,
}
