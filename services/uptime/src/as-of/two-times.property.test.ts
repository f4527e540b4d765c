/**
 * Figures in two times against an oracle that shares nothing with them: it keeps everything that was ever said, decided or observed in a
 * list, and counts millisecond by millisecond (between the instants at which anything may change) what of it was known.
 */
import {
  type CountedState,
  carriers,
  type DeviceState,
  type RecordChange,
  type UptimeFilter,
  type UptimeGroup,
} from '@hub/contracts'
import { createManualClock, createMetrics, type Outgoing, type RecordStore, tablesOf } from '@hub/platform'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../../access/src/audit/append.ts'
import { camera } from '../../../hub/src/testing/hub.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { createStore, type Store } from '../../../ingest/src/store.ts'
import { putRecords } from '../../../registry/src/records.ts'
import { stateAnew } from '../../../registry/src/restate.ts'
import type { RegistryData } from '../../../registry/src/tables.ts'
import { decideAdjustment, insertAdjustment } from '../adjustments/store.ts'
import { createMarkRestated } from '../marks.ts'
import { openTimes } from '../open.ts'
import { uptimeMetrics } from '../rollup/metrics.ts'
import { Rollup } from '../rollup/rollup.ts'

/** `TWO_TIMES_RUNS=10000 vitest run --project unit services/uptime/src/as-of` asks for more; `TWO_TIMES_SEED` plays again what a run has printed. */
const numRuns = Number(process.env.TWO_TIMES_RUNS ?? 40)
const seed = process.env.TWO_TIMES_SEED === undefined ? {} : { seed: Number(process.env.TWO_TIMES_SEED) }

const hour = 3_600_000
const day = 24 * hour
/** Midnight of the city, three days before a month ends. */
const t0 = Date.parse('2026-11-27T16:00:00Z')
const end = t0 + 12 * day
const ids = [1, 2, 3].map((n) => `4304050000132000000${n}`)

// What the world is made of, and the oracle's memory of it.
type Attributes = { carrier: string; project: string; pole: string; due: boolean }
type Saying =
  | { at: number; device: string; from: number; set: Partial<Attributes> }
  | {
      at: number
      device: string
      from: number
      to: number
      set: Partial<Attributes>
      adjustment: string
      withdrawnAt?: number
    }
type Decision = {
  id: string
  at: number
  withdrawnAt?: number
  from: number
  to: number
  countAs: CountedState
  devices?: readonly string[]
  pole?: string
}
type Interval = { from: number; to: number | null; state: DeviceState }
type Seen = { at: number; device: string; intervals: readonly Interval[] }
type World = { sayings: Saying[]; decisions: Decision[]; seen: Seen[] }

/** What was known at `at` of a device at an instant. */
function attributesAt({ sayings }: World, device: string, instant: number, at: number): Attributes {
  let is: Attributes = { carrier: '', project: '', pole: '', due: false }
  for (const saying of sayings) {
    if (saying.device !== device || saying.at > at || instant < saying.from) continue
    if ('to' in saying && (instant >= saying.to || (saying.withdrawnAt ?? Infinity) <= at)) continue
    is = { ...is, ...saying.set }
  }
  return is
}

function stateAt({ seen }: World, device: string, instant: number, at: number): 'up' | 'down' | 'unknown' {
  const known = seen.filter((one) => one.device === device && one.at <= at).at(-1)?.intervals ?? []
  const state = known.find(({ from, to }) => from <= instant && (to ?? Infinity) > instant)?.state
  return state === 'down' ? 'down' : state === 'up' || state === 'degraded' ? 'up' : 'unknown'
}

function countedAt(world: World, device: string, instant: number, at: number): CountedState {
  const { pole } = attributesAt(world, device, instant, at)
  const speaking = world.decisions.filter(
    (one) =>
      one.at <= at &&
      (one.withdrawnAt ?? Infinity) > at &&
      one.from <= instant &&
      one.to > instant &&
      (one.devices?.includes(device) ?? one.pole === pole),
  )
  if (speaking.some(({ countAs }) => countAs === 'exempt')) return 'exempt'
  return speaking.at(-1)?.countAs ?? stateAt(world, device, instant, at)
}

type Ask = { from: number; to: number; by: readonly UptimeGroup[]; filter: UptimeFilter }

function oracle(world: World, { from, to, by, filter }: Ask, at: number) {
  const until = Math.min(to, at)
  const edges = new Set([from, until])
  const edge = (...instants: (number | null | undefined)[]) => {
    for (const one of instants) if (one != null && one > from && one < until) edges.add(one)
  }
  for (const one of [...world.sayings, ...world.decisions]) edge(one.from, 'to' in one ? one.to : null)
  for (const { intervals } of world.seen) for (const one of intervals) edge(one.from, one.to)
  const cuts = [...edges].sort((a, b) => a - b)
  const groups = new Map<
    string,
    {
      key: { [group: string]: string }
      devices: Set<string>
      up: number
      down: number
      unknown: number
      exempt: number
    }
  >()
  for (const device of ids)
    for (const [i, begin] of cuts.entries()) {
      const stop = cuts[i + 1]
      if (stop === undefined) continue
      const is = attributesAt(world, device, begin, at)
      const attributeOf = (group: string) =>
        group === 'device'
          ? device
          : group === 'district'
            ? device.slice(0, 6)
            : (is as unknown as { [group: string]: string })[group]!
      const passes = Object.entries(filter).every(([group, values]) =>
        (values as string[]).includes(attributeOf(group)),
      )
      if (!is.due || !passes) continue
      const key = Object.fromEntries(by.map((group) => [group, attributeOf(group)]))
      const name = Object.values(key).join('\u0000')
      const group = groups.get(name) ?? { key, devices: new Set(), up: 0, down: 0, unknown: 0, exempt: 0 }
      groups.set(name, group)
      group.devices.add(device)
      group[countedAt(world, device, begin, at)] += stop - begin
    }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { devices, up, down, ...row }]) => ({
      ...row,
      up,
      down,
      devices: devices.size,
      rate: up + down > 0 ? up / (up + down) : null,
    }))
}

// What may happen.
const instant = fc.integer({ min: 0, max: end - t0 }).map((ms) => t0 + ms)
const span = fc.tuple(instant, instant).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 }))
const which = fc.nat(ids.length - 1)
const carrier = fc.constantFrom(...carriers.slice(0, 2))
const pole = fc.constantFrom('P1', 'P2')
const project = fc.constantFrom('', 'A')
const state = fc.constantFrom<DeviceState[]>('up', 'down', 'degraded', 'unknown')
const act = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3 * day }) }),
  fc.record({ do: fc.constant('live' as const), which, state, lag: fc.integer({ min: 0, max: hour }) }),
  fc.record({ do: fc.constant('live' as const), which, state, lag: fc.integer({ min: 0, max: hour }) }),
  fc.record({ do: fc.constant('late' as const), which, span, state }),
  fc.record({
    do: fc.constant('change' as const),
    which,
    carrier,
    project,
    pole,
    retire: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  }),
  fc.record({
    do: fc.constant('backdate' as const),
    which,
    span,
    change: fc.record({ carrier, project, pole, due: fc.boolean() }, { requiredKeys: [] }),
  }),
  fc.record({
    do: fc.constant('decide' as const),
    which,
    span,
    countAs: fc.constantFrom<CountedState[]>('exempt', 'up', 'down', 'unknown'),
    pole: fc.option(pole),
  }),
  fc.record({ do: fc.constant('withdraw' as const), which: fc.nat(9) }),
  fc.record({ do: fc.constant('roll' as const), commits: fc.oneof(fc.constant(99), fc.nat(3)) }),
)
const ask = fc.record({
  span: fc.oneof(span, fc.constant({ from: t0, to: end })),
  midnights: fc.boolean(),
  by: fc.subarray<UptimeGroup>(['district', 'carrier', 'project', 'device'], { maxLength: 3 }),
  filter: fc.constantFrom<UptimeFilter[]>(
    {},
    {},
    { carrier: [carriers[0]] },
    { project: ['A'] },
    { device: [ids[0]!, ids[1]!] },
  ),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
})
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never

let record: RecordStore
let store: Store
let times: ReturnType<typeof openTimes>
const said: Outgoing[] = []
const outbox = { appendAll: (messages: readonly Outgoing[]) => void said.push(...messages) }
beforeAll(async () => {
  record = await openRecord(':memory:')
  store = createStore(record.sqlite)
  times = openTimes(record)
})
afterAll(() => record.close())

const emptied = [
  'device',
  'device_tenure',
  'device_statement',
  'device_record_past',
  'device_change',
  'interval',
  'interval_past',
  'interval_past_kept',
  'adjustment',
  'adjustment_step',
  'uptime_day',
  'uptime_blank',
  'uptime_sum',
  'uptime_district',
  'uptime_part',
  'uptime_moved',
  'uptime_dirty',
  'audit',
  'setting',
]

async function play(acts: readonly Act[], asks: readonly (typeof ask extends fc.Arbitrary<infer A> ? A : never)[]) {
  await record.commit((sqlite) => {
    const version = sqlite
      .prepare("SELECT value FROM setting WHERE room = 'uptime' AND key = 'adjustments:version'")
      .get() as { value: string } | undefined
    for (const table of emptied) sqlite.exec(`DELETE FROM ${table}`)
    sqlite.exec(
      'DELETE FROM device_tenure; DELETE FROM device_statement; DELETE FROM uptime_moved; DELETE FROM uptime_dirty',
    )
    // What is kept of adjustments between two questions is told apart by it.
    sqlite
      .prepare("INSERT INTO setting VALUES ('uptime', 'adjustments:version', ?)")
      .run(String(Number(version?.value ?? 0) + 1))
    store.keepPastSince(t0)
  })
  const clock = createManualClock(t0)
  const restated = createMarkRestated(record.sqlite, clock)
  const { transaction } = tablesOf<RegistryData>(record)
  const world: World = { sayings: [], decisions: [], seen: [] }
  const now = () => {
    clock.advance(1)
    return clock.now()
  }
  const recordOf = (n: number, more: object) =>
    camera(ids[n]!, { carrier: carriers[0], inServiceAt: '2026-11-28', ...more })
  const onRecord = ids.map((_, n) => recordOf(n, { poleNumber: 'P1' }))
  const put = (n: number) => transaction((trx) => putRecords(trx, [onRecord[n]!], { now: clock.now(), scope: 'city' }))
  const intervalsOf = (device: string) => world.seen.filter((one) => one.device === device).at(-1)?.intervals ?? []
  const see = async (device: string, intervals: readonly Interval[], from: number) => {
    const was = intervalsOf(device)
    world.seen.push({ at: clock.now(), device, intervals })
    await record.commit(() => {
      if (from < (was.at(-1)?.from ?? 0)) store.dropIntervals(device, 0, Number.MAX_SAFE_INTEGER, clock.now())
      for (const one of intervals)
        if (from < (was.at(-1)?.from ?? 0) || !was.some((other) => JSON.stringify(other) === JSON.stringify(one)))
          store.putInterval(device, { ...one, rule: {} as never }, clock.now())
      restated(device, from, Number.MAX_SAFE_INTEGER)
    })
  }
  const take = async () => {
    for (const { value } of said.splice(0) as {
      value: {
        devices: string[]
        at: number
        from: number
        to: number
        change: RecordChange
        adjustment: string
        holds: boolean
        user: string
      }
    }[])
      for (const device of value.devices)
        await transaction((trx) => stateAnew(trx, { ...value, device, now: value.at }, audit))
  }
  for (const [n, device] of ids.entries()) {
    await put(n)
    // Known from the beginning: the rest of the history is what is asked about.
    world.sayings.push({
      at: clock.now(),
      device,
      from: t0,
      set: { carrier: carriers[0], project: '', pole: 'P1', due: true },
    })
  }
  for (const [n, act] of acts.entries()) {
    const at = now()
    if (act.do === 'wait') clock.advance(act.ms)
    else if (act.do === 'live') {
      const device = ids[act.which]!
      const was = intervalsOf(device)
      const from = Math.max(at - act.lag, (was.at(-1)?.from ?? t0 - 1) + 1)
      const last = was.at(-1)
      await see(
        device,
        [...was.slice(0, -1), ...(last ? [{ ...last, to: from }] : []), { from, to: null, state: act.state }],
        // One that had ended (late data of a device that was never seen) goes on until here: that stretch changes too.
        Math.min(from, last?.to ?? from),
      )
    } else if (act.do === 'late') {
      const device = ids[act.which]!
      const { from } = act.span
      const to = Math.min(act.span.to, at)
      if (from >= to) continue
      const cut = intervalsOf(device).flatMap((one) => [
        { ...one, to: Math.min(one.to ?? Infinity, from) },
        { ...one, from: Math.max(one.from, to), to: one.to },
      ])
      const kept = cut
        .filter((one) => one.from < (one.to ?? Infinity))
        .map((one) => ({ ...one, to: one.to === Infinity ? null : one.to }))
      await see(
        device,
        [...kept, { from, to, state: act.state }].sort((a, b) => a.from - b.from),
        Math.min(from, ...kept.map((one) => one.from)),
      )
    } else if (act.do === 'change') {
      const is = onRecord[act.which]!
      const retire = act.retire || is.stage === 'retired'
      const due = is.stage === 'retired' ? {} : retire ? { due: false } : {}
      const { carrier, project, pole } = act
      onRecord[act.which] = recordOf(act.which, {
        carrier,
        ...(project && { project }),
        poleNumber: pole,
        ...(retire && { stage: 'retired' }),
      })
      await put(act.which)
      world.sayings.push({ at, device: ids[act.which]!, from: at, set: { carrier, project, pole, ...due } })
    } else if (act.do === 'backdate' || act.do === 'decide') {
      const { from } = act.span
      const to = act.do === 'backdate' ? Math.min(act.span.to, at) : act.span.to
      const change = act.do === 'backdate' ? act.change : undefined
      if (from >= to || (change && Object.keys(change).length === 0)) continue
      const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
      const device = ids[act.which]!
      const onPole = act.do === 'decide' ? act.pole : null
      const scope = onPole ? { by: 'pole' as const, values: [onPole] } : { by: 'devices' as const, values: [device] }
      const what =
        act.do === 'decide'
          ? { kind: act.countAs === 'exempt' ? ('exemption' as const) : ('correction' as const), countAs: act.countAs }
          : { kind: 'record' as const, change: change!, evidence: 'e' }
      const request = { ...what, scope, from, to, reason: 'r', applicant: 'a' }
      await insertAdjustment({ record, audit }, request, { id, within: 'city', requestedBy: 'one', requestedAt: at })
      await decideAdjustment({ record, audit, outbox }, 'city', id, {
        decision: 'approve',
        decidedBy: 'two',
        decidedAt: at,
      })
      await take()
      if (act.do === 'backdate') world.sayings.push({ at, device, from, to, set: act.change, adjustment: id })
      else
        world.decisions.push({
          id,
          at,
          from,
          to,
          countAs: act.countAs,
          ...(onPole ? { pole: onPole } : { devices: [device] }),
        })
    } else if (act.do === 'withdraw') {
      const all = [
        ...world.decisions,
        ...world.sayings.flatMap((one) => ('to' in one ? [{ ...one, id: one.adjustment, one }] : [])),
      ]
      const chosen = all[act.which]
      if (!chosen || chosen.withdrawnAt !== undefined) continue
      const decided = { decision: 'withdraw' as const, decidedBy: 'one', decidedAt: at }
      const overlaid = world.sayings.some(
        (one) =>
          'to' in one &&
          one.withdrawnAt === undefined &&
          'one' in chosen &&
          one.at > chosen.at &&
          one.device === chosen.device &&
          one.from < chosen.to &&
          one.to > chosen.from,
      )
      const done = decideAdjustment({ record, audit, outbox }, 'city', chosen.id, decided)
      if (overlaid) {
        await expect(done).rejects.toMatchObject({ code: 'adjustment.overlaid' })
        continue
      }
      await done
      await take()
      Object.assign('one' in chosen ? chosen.one : chosen, { withdrawnAt: at })
    } else {
      let left = act.commits
      const killed = new Error('killed')
      const commit: RecordStore['commit'] = (work) => (left-- === 0 ? Promise.reject(killed) : record.commit(work))
      const rollup = new Rollup({
        record: { sqlite: record.sqlite, commit },
        clock,
        metrics: uptimeMetrics(createMetrics()),
        rest: async () => {},
      })
      await rollup.run().catch((err: unknown) => {
        if (err !== killed) throw err
      })
    }
  }
  const last = now()
  for (const { span, midnights, by, filter, share } of asks) {
    const [from, to] = midnights
      ? [t0 + Math.floor((span.from - t0) / day) * day, t0 + Math.ceil((span.to - t0) / day) * day]
      : [span.from, span.to]
    const asked = { from, to, by, filter }
    for (const at of [last, t0 + Math.max(1, Math.floor(share * (last - t0)))]) {
      if (from >= at) continue
      const asOf = at === last ? undefined : at
      const rows = await times.by({ scope: 'city', filter, from, to, now: last, asOf, by })
      const expected = oracle(world, asked, at)
      expect(rows.filter(({ devices }) => devices > 0)).toEqual(expected)
    }
  }
}

test(`${numRuns} random histories in two times: figures now and as of any instant equal to the millisecond`, {
  timeout: 60_000 + numRuns * 1_000,
}, async () => {
  const acts = fc.array(act, { minLength: 3, maxLength: 20 })
  await fc.assert(fc.asyncProperty(acts, fc.array(ask, { minLength: 2, maxLength: 4 }), play), { numRuns, ...seed })
})
