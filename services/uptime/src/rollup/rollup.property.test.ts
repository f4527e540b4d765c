/** However the past changes and wherever the rollups stand, the answers are what the intervals and adjustments say. */
import {
  type Adjustment,
  type AdjustmentScope,
  carriers,
  type DeviceState,
  type Scope,
  type UptimeFilter,
  type UptimeGroup,
} from '@hub/contracts'
import { accountAdjusted, addTotals, type Claiming, claimsOf, onlineRate, type Totals } from '@hub/core'
import { createManualClock, createMetrics, type RecordStore } from '@hub/platform'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { audit } from '../../../access/src/audit/append.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { decideAdjustment, insertAdjustment } from '../adjustments/store.ts'
import { createMarkRestated } from '../marks.ts'
import { openTimes } from '../open.ts'
import { uptimeMetrics } from './metrics.ts'
import { Rollup } from './rollup.ts'

const hour = 3_600_000
const outbox = { appendAll() {} }
/** Midnight of the city, five days before a month ends. */
const t0 = Date.parse('2026-03-26T16:00:00Z')
const hours = 24 * 80
const districts = ['430405', '430481'] as const
const zones = ['', '430473']

const idOf = (n: number) => `43040500001320${String(n).padStart(6, '0')}`

type Interval = { from: number; to: number | null; state: DeviceState }
type Device = {
  id: string
  district: (typeof districts)[number]
  carrier: (typeof carriers)[number]
  project: string | null
  zone: string
  pole: string
  inService: [number | null, number | null]
  intervals: Interval[]
}

const at = fc.integer({ min: 0, max: hours * 3_600 }).map((s) => t0 + s * 1_000)
const someSpan = fc.tuple(at, at).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a + 1_000 }))
/** Often all of it, so that what was rolled up counts. */
const span = fc.oneof(someSpan, fc.constant({ from: t0, to: t0 + hours * hour }))
const attributes = {
  district: fc.constantFrom(...districts),
  carrier: fc.constantFrom(carriers[0], carriers[1]),
  project: fc.constantFrom(null, 'P1'),
  zone: fc.constantFrom(...zones),
  pole: fc.constantFrom('A', 'B'),
}
const inService = fc.tuple(
  fc.oneof({ weight: 6, arbitrary: fc.constant(t0) }, fc.option(at, { freq: 6 })),
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, at),
)
const intervals = fc
  .tuple(
    fc.uniqueArray(at, { maxLength: 12 }),
    fc.array(fc.constantFrom<(DeviceState | 'hole')[]>('up', 'down', 'degraded', 'unknown', 'hole'), {
      minLength: 12,
      maxLength: 12,
    }),
    fc.boolean(),
  )
  .map(([edges, states, open]) =>
    edges
      .sort((a, b) => a - b)
      .map((from, i, all) => ({ from, to: all[i + 1] ?? (open ? null : from + hour), state: states[i]! }))
      .filter((i): i is Interval => i.state !== 'hole'),
  )
const which = fc.nat(4)
const scope = fc.oneof(
  fc.uniqueArray(which, { minLength: 1 }).map((n): AdjustmentScope => ({ by: 'devices', values: n.map(idOf) })),
  fc.constant<AdjustmentScope>({ by: 'pole', values: ['A'], carriers: [carriers[0]] }),
  fc.constant<AdjustmentScope>({ by: 'district', values: [districts[0]] }),
)
const countAs = fc.constantFrom<Adjustment['countAs'][]>('exempt', 'up', 'down', 'unknown')

const change = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 24 * 30 }) }),
  fc.record({ do: fc.constant('roll' as const), commits: fc.oneof(fc.constant(99), fc.nat(4)) }),
  fc.record({ do: fc.constant('restate' as const), which, intervals }),
  fc.record({ do: fc.constant('adjust' as const), scope, countAs, span, recurs: fc.boolean() }),
  fc.record({ do: fc.constant('withdraw' as const), which }),
  fc.record({ do: fc.constant('move' as const), which, to: fc.record(attributes) }),
  fc.record({ do: fc.constant('serve' as const), which, inService }),
  fc.record({ do: fc.constant('remove' as const), which }),
)
const ask = fc.record({
  do: fc.constant('ask' as const),
  span,
  midnights: fc.boolean(),
  by: fc.subarray<UptimeGroup>(['district', 'carrier', 'project', 'zone', 'device'], { maxLength: 3 }),
  filter: fc.constantFrom<UptimeFilter[]>(
    {},
    {},
    { carrier: [carriers[0]] },
    { project: [''] },
    { zone: ['430473'], district: ['430405'] },
    { device: [idOf(0), idOf(1)] },
  ),
  scope: fc.constantFrom<Scope[]>('city', ['430405']),
  step: fc.constantFrom('day' as const, 'month' as const),
})
const act = fc.oneof(change, ask)

class World {
  readonly record: RecordStore
  readonly clock = createManualClock(t0)
  readonly devices = new Map<string, Device>()
  adjustments: Adjustment[] = []
  readonly #restated

  constructor(record: RecordStore) {
    this.record = record
    this.#restated = createMarkRestated(record.sqlite, this.clock)
  }

  enter(device: Device) {
    this.devices.set(device.id, device)
    return this.record.commit((sqlite) => {
      sqlite
        .prepare(
          `INSERT INTO device (id, district, kind, application, carrier, point_type, project, stage, name, address, record, in_service_from, in_service_to, updated_at)
           VALUES (?, ?, 'camera', 'safe-city', ?, '1', ?, 'in-service', '', '', ?, ?, ?, 0)`,
        )
        .run(device.id, device.district, device.carrier, device.project, recordOf(device), ...device.inService)
      this.#put(device)
    })
  }

  #put({ id, intervals }: Device) {
    this.record.sqlite.prepare('DELETE FROM interval WHERE device = ?').run(id)
    const put = this.record.sqlite.prepare("INSERT INTO interval VALUES (?, ?, ?, ?, '{}')")
    for (const { from, to, state } of intervals) put.run(id, from, to, state)
  }

  /** All that differs lies in one stretch; it is marked as ingest marks it. */
  restate(device: Device, intervals: Interval[]) {
    const edges = [...device.intervals, ...intervals].map((i) => i.from)
    device.intervals = intervals
    return this.record.commit(() => {
      this.#put(device)
      if (edges.length > 0) this.#restated(device.id, Math.min(...edges), Number.MAX_SAFE_INTEGER)
    })
  }

  save({ id, district, carrier, project, inService, ...device }: Device) {
    return this.record.commit((sqlite) =>
      sqlite
        .prepare(
          'UPDATE device SET district = ?, carrier = ?, project = ?, record = ?, in_service_from = ?, in_service_to = ? WHERE id = ?',
        )
        .run(district, carrier, project, recordOf(device), ...inService, id),
    )
  }

  /** A new process each time; killed after so many transactions. */
  async roll(commits: number) {
    let left = commits
    const killed = new Error('killed')
    const commit: RecordStore['commit'] = (work) => {
      if (left-- === 0) throw killed
      return this.record.commit(work)
    }
    const record = { sqlite: this.record.sqlite, commit }
    await new Rollup({ record, clock: this.clock, metrics: uptimeMetrics(createMetrics()) })
      .run()
      .catch((err: unknown) => {
        if (err !== killed) throw err
      })
  }

  totals(device: Device, from: number, to: number): Totals | null {
    const due = {
      from: Math.max(from, device.inService[0] ?? Infinity),
      to: Math.min(to, device.inService[1] ?? Infinity),
    }
    if (due.from >= due.to) return null
    const adjustable = { ...device, application: 'safe-city', kind: 'camera', feed: null }
    return accountAdjusted(device.intervals, due, claimsOf(this.adjustments as Claiming[], adjustable, due))
  }
}

const recordOf = ({ zone, pole }: Pick<Device, 'zone' | 'pole'>) =>
  JSON.stringify({ poleNumber: pole, ...(zone !== '' && { zone }) })

const attributeOf = (device: Device, group: UptimeGroup): string =>
  group === 'device' ? device.id : String((device as unknown as Record<string, string | null>)[group] ?? '')

const passes = (device: Device, filter: UptimeFilter, scope: Scope) =>
  (scope === 'city' || scope.includes(device.district)) &&
  Object.entries(filter).every(([group, values]) =>
    (values as string[]).includes(attributeOf(device, group as UptimeGroup)),
  )

test('answers are exact at any second, whatever waits to be derived again', { timeout: 120_000 }, async () => {
  const devices = fc.array(fc.record({ ...attributes, inService, intervals }), { minLength: 5, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(
      devices,
      fc.nat(60),
      fc.array(act, { minLength: 4, maxLength: 25 }),
      async (entered, days, acts) => {
        const record = await openRecord(':memory:')
        const uptime = openTimes(record)
        const world = new World(record)
        try {
          for (const [i, device] of entered.entries()) await world.enter({ id: idOf(i), ...device })
          world.clock.advance(days * 24 * hour)
          await world.roll(99)
          for (const [n, act] of acts.entries()) await perform(world, uptime, act, n)
        } finally {
          await record.close()
        }
      },
    ),
    { numRuns: Number(process.env.UPTIME_RUNS ?? 150) },
  )
})

async function perform(world: World, uptime: ReturnType<typeof openTimes>, act: Act, n: number): Promise<void> {
  const { clock, record, devices } = world
  const device = 'which' in act ? devices.get(idOf(act.which)) : undefined
  if (act.do === 'wait') clock.advance(act.hours * hour)
  else if (act.do === 'roll') await world.roll(act.commits)
  else if (act.do === 'restate' && device) await world.restate(device, act.intervals)
  else if (act.do === 'move' && device) {
    Object.assign(device, act.to)
    await world.save(device)
  } else if (act.do === 'serve' && device) {
    device.inService = act.inService
    await world.save(device)
  } else if (act.do === 'remove' && device) {
    devices.delete(device.id)
    await record.commit((sqlite) => sqlite.prepare('DELETE FROM device WHERE id = ?').run(device.id))
  } else if (act.do === 'adjust') {
    const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
    const kind = act.countAs === 'exempt' ? 'exemption' : 'correction'
    const request = { kind, countAs: act.countAs, scope: act.scope, ...act.span, reason: 'r', applicant: 'a' } as const
    const recurrence =
      act.recurs && kind === 'exemption' ? { recurrence: { weekdays: [1, 3], start: '22:30', minutes: 300 } } : {}
    await insertAdjustment(
      { record, audit },
      { ...request, ...recurrence },
      { id, within: 'city', requestedBy: 'one', requestedAt: n },
    )
    const decided = { decision: 'approve' as const, decidedBy: 'two', decidedAt: n }
    world.adjustments.push((await decideAdjustment({ record, audit, outbox }, 'city', id, decided)).adjustment)
  } else if (act.do === 'withdraw') {
    const adjustment = world.adjustments[act.which]
    if (!adjustment) return
    const decided = { decision: 'withdraw' as const, decidedBy: 'one', decidedAt: n }
    await decideAdjustment({ record, audit, outbox }, 'city', adjustment.id, decided)
    world.adjustments = world.adjustments.filter((a) => a !== adjustment)
  } else if (act.do === 'ask') {
    const [from, until] = act.midnights
      ? [
          Math.floor((act.span.from - t0) / (24 * hour)) * 24 * hour + t0,
          Math.ceil((act.span.to - t0) / (24 * hour)) * 24 * hour + t0,
        ]
      : [act.span.from, act.span.to]
    const now = clock.now()
    const to = Math.min(until, now)
    const { scope, filter, step } = act
    const counted = [...devices.values()].filter((device) => passes(device, filter, scope))
    const groups = new Map<string, { key: object; all: Totals[] }>()
    for (const device of counted) {
      const totals = world.totals(device, from, to)
      const key = Object.fromEntries(act.by.map((group) => [group, attributeOf(device, group)]))
      const name = Object.values(key).join('\u0000')
      const group = groups.get(name) ?? { key, all: [] }
      if (totals) groups.set(name, { ...group, all: [...group.all, totals] })
    }
    if (act.by.length === 0 && groups.size === 0) groups.set('', { key: {}, all: [] })
    const rows = [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { key, all }]) => ({
        key,
        devices: all.length,
        ...addTotals(all),
        rate: onlineRate(addTotals(all)),
      }))
    const selection = { scope, filter, from, to: until, now }
    expect(await uptime.by({ ...selection, by: act.by })).toEqual(rows)
    for (const point of await uptime.series({ ...selection, step })) {
      const next = step === 'day' ? endOfDay(point.at) : endOfMonth(point.at)
      const { up, down, unknown, exempt } = point
      expect({ up, down, unknown, exempt }).toEqual(
        addTotals(counted.flatMap((device) => world.totals(device, point.at, Math.min(next, to)) ?? [])),
      )
    }
  }
}

type Act = typeof act extends fc.Arbitrary<infer A> ? A : never
const endOfDay = (at: number) => t0 + (Math.floor((at - t0) / (24 * hour)) + 1) * 24 * hour
const endOfMonth = (at: number) => {
  const date = new Date(at + 8 * hour)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - 8 * hour
}
