/**
 * What one room does for all others, inside the caller's transaction or thread: made once in each process, whichever modules run there.
 * The implementation lives in the room that is named; here stands only the shape, so that no room imports another.
 */
import type { DatabaseSync } from 'node:sqlite'
import type {
  Adjustment,
  AdjustmentKind,
  AdjustmentStatus,
  CountedState,
  JudgingVersion,
  KpiQuery,
  KpiReport,
  Recurrence,
  Scope,
  ScoreSubject,
  UptimeFilter,
  UptimeGroup,
  UptimePoint,
  UptimeRow,
  UptimeSeries,
} from '@hub/contracts'
import type { AdjustableDevice, Claim, Span, Units } from '@hub/core'
import type { Kysely } from 'kysely'
import type { Language, Viewer } from './http/call.ts'

/** Who did what to which subject. */
export type AuditLine = {
  at: number
  actor: string
  /** `noun.verb`, as `outage.acknowledge`. */
  action: string
  subject: string
  /** Never a secret. */
  detail?: { [name: string]: unknown }
}

/** Implemented by `access`. One row for each act, in the same transaction as the act where there is one. */
export interface AuditPort {
  // biome-ignore lint/suspicious/noExplicitAny: any room's tables
  append(db: Kysely<any>, line: AuditLine): Promise<void>
  /** On the raw handle, inside `record.commit`. */
  appendSync(sqlite: DatabaseSync, line: AuditLine): void
}

export type Login = { user: string; password: string; address: string; oldToken: string | undefined }

/** Implemented by `access`. */
export interface Sessions {
  /** @throws HubError `session.refused`, `session.locked` */
  login(login: Login): Promise<{ token: string; viewer: Viewer }>
  /** Ends the user's sessions and opens one. @throws HubError `session.locked`, `request.invalid` */
  changePassword(change: Omit<Login, 'oldToken'> & { oldPassword: string }): Promise<{ token: string; viewer: Viewer }>
  end(viewer: Viewer): Promise<void>
  /** These are no more: their streams end. */
  ended(sessions: readonly string[]): void
  viewerOf(token: string | undefined): Promise<Viewer | undefined>
  /** Whether a session holds still. Asking does not count as being there. */
  alive(session: string): Promise<boolean>
  /** Called with each session that ends. */
  onEnd(listener: (session: string) => void): void
}

export type UptimeSelection = {
  /** Of the viewer: nothing outside it is counted. */
  scope: Scope
  filter: UptimeFilter
  /** `[from, to)`, UTC milliseconds at any second; what lies after `now` is left out. */
  from: number
  to: number
  now: number
  /** As it was known then; what lies after it is left out. @throws HubError `asof.not-kept` */
  asOf?: number | undefined
}

type Share = { numerator: number; denominator: number }

/** Of the devices of one subject that were due in a period. */
export type RegistryCounts = {
  subject: string
  /** Required fields of their records: valid ÷ required. */
  record: Share
  /** Pictures: passed ÷ probed, as of now. */
  image: Share
}

/** Implemented by `uptime`: time spent up, down, unknown and exempt, exact, from the Record, on a thread of its own; and figures of it. */
export interface Uptime {
  /** One row for each combination of `by` that has a device; without `by` one row for all. In the order of their keys. */
  by(selection: UptimeSelection & { by: readonly UptimeGroup[] }): Promise<UptimeRow[]>
  /** A point for each day or month (of the city) that the period touches, cut to the period. Oldest first. */
  series(selection: UptimeSelection & { step: 'day' | 'month' }): Promise<UptimePoint[]>
  /** A point for each hour that the period touches. Oldest first. @throws HubError `request.invalid` when the period is too long */
  hours(selection: UptimeSelection): Promise<Pick<UptimeSeries, 'keptFrom'> & { points: UptimePoint[] }>
  /** The figures that the city reports, with what was stated of them from outside. */
  kpis(query: KpiQuery, viewer: Scope): Promise<KpiReport>
  /** Versions of the rules that hold in some part of the period, ascending: at least the one with which it begins. */
  judging(period: Span): Promise<JudgingVersion[]>
  /** What the registry says of the devices that were due in `[from, to)`, by district or carrier. */
  registryCounts(question: Span & { kind: ScoreSubject['kind'] }): Promise<RegistryCounts[]>
  /** Those that a viewer may see, newest request first. `devices` counts those of the viewer's districts. */
  listAdjustments(
    viewer: Scope,
    query?: { status?: AdjustmentStatus | undefined; kind?: AdjustmentKind | undefined },
  ): Promise<Adjustment[]>
  close(): Promise<void>
}

export type ApprovedAdjustment = Pick<
  Adjustment,
  'id' | 'kind' | 'status' | 'scope' | 'within' | 'from' | 'to' | 'decidedAt'
> & { countAs: CountedState; recurrence?: Recurrence }

/** Implemented by `uptime`: the approved exemptions and corrections, found by device. Asked for every device and stretch that is accounted. */
export interface Exemptions {
  /** Reads the approved ones again if any adjustment has changed since; cheap when none has. @returns the version that is read */
  reload(): string | undefined
  /** What they say of this device, in any order, each cut to the stretch. */
  claims(device: AdjustableDevice, within: Span): Claim[]
  /** Those that may touch the stretch. */
  touching(within: Span): readonly ApprovedAdjustment[]
}

/** Implemented by `uptime`, called by whoever changes intervals, inside that transaction: the figures are right from the commit on. */
export type MarkRestated = (device: string, from: number, to: number) => void

/** What is printed. Cells: text, counts, milliseconds of a `duration`, UTC milliseconds of an `instant`; `width` in Latin characters. */
export type Paper = {
  title: string
  /** Stands at the head of every page; null: nothing does. */
  mark: string | null
  facts: readonly (readonly [label: string, text: string])[]
  tables: readonly {
    name: string
    columns: readonly { title: string; kind: 'text' | 'count' | 'duration' | 'instant'; width: number }[]
    rows: readonly (readonly (string | number | null)[])[]
  }[]
}

/** Implemented by `reports`: a PDF on A4, with Chinese fonts, made on a thread of its own. @throws HubError `request.invalid` when too long */
export type Print = (paper: Paper, language: Language) => Promise<Uint8Array>

/** Who hears of something on the live stream: who may see one of the districts, and where they are named one of the units. */
export type Audience = { districts: readonly string[] | 'city'; units?: readonly string[] | undefined }

/** Whoever listens to one channel of the live stream. */
export type Listeners = { scope: Scope; units: Units }

/** Makes what one channel is to hear. */
type MakeFor = (listeners: Listeners, seq: number, now: number) => unknown

/** Implemented by `api`, in the processes that serve it: numbered frames to whoever may see them. It knows no feature. */
export interface LiveStream {
  /** How clients begin, and go on when they have missed too much: an event that holds everything, made for each channel. */
  snapshot(event: string, make: MakeFor): void
  /** Never coalesced. */
  push(event: string, data: unknown, audience: Audience): void
  /** To each channel its own; nothing where `make` gives undefined. */
  pushEach(event: string, make: MakeFor): void
}
