/**
 * What people said of real outages, out of the Record of a hub: each judged outage with those that were parted from it or merged into it is
 * a scenario, with all that failed around it. The truth is where its devices are now, and what a person has named as the cause. Names by
 * nobody are not asked for: there whatever holds most of it is right.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { causeKinds } from '@hub/contracts'
import type { Cause, Device, FieldEvent, Name, Scenario } from './types.ts'

const minute = 60_000
/** Around it is looked so far, and at most so long at one outage. */
const before = 30 * minute
const after = 10 * minute
const most = 6 * 60 * minute
/** From a failure to the decision of it, where nobody wrote it down. */
const decidedMs = 10_000

export const recordOf = (folder: string): string | undefined =>
  [join(folder, 'record.db'), join(folder, 'hub', 'record.db')].find((path) => existsSync(path))

type Said = { outage: string; others: string; act: string }
type Member = {
  outage: string
  device: string
  from: number
  to: number | null
  sign: FieldEvent['sign']
  expected: number
}
type Row = { id: string; kind: string; key: string }

export function* recorded(path: string): Generator<Scenario> {
  const sqlite = new DatabaseSync(path, { readOnly: true })
  try {
    const devices = devicesOf(sqlite)
    for (const [n, { outages, said }] of clustersOf(sqlite).entries())
      yield* scenarioOf(sqlite, devices, `judged-${n + 1}`, outages, said)
  } finally {
    sqlite.close()
  }
}

/** Outages that a judgement has named together are one story. */
function clustersOf(sqlite: DatabaseSync): { outages: Set<string>; said: Said[] }[] {
  const all = sqlite
    .prepare(
      `SELECT outage, others, act FROM outage_judgement
       WHERE undone = 0 AND act <> 'undo' AND effect = 'done' ORDER BY id`,
    )
    .all() as Said[]
  let clusters: { outages: Set<string>; said: Said[] }[] = []
  for (const one of all) {
    const cluster = { outages: new Set([one.outage, ...(JSON.parse(one.others) as string[])]), said: [one] }
    const touching = clusters.filter(({ outages }) => [...outages].some((id) => cluster.outages.has(id)))
    for (const { outages, said } of touching) {
      for (const id of outages) cluster.outages.add(id)
      cluster.said.unshift(...said)
    }
    clusters = [...clusters.filter((c) => !touching.includes(c)), cluster]
  }
  return clusters
}

function* scenarioOf(
  sqlite: DatabaseSync,
  devices: Device[],
  name: string,
  outages: ReadonlySet<string>,
  said: readonly Said[],
): Generator<Scenario> {
  const ids = JSON.stringify([...outages])
  const rows = sqlite
    .prepare(
      `SELECT id, cause_kind AS kind, cause_key AS key FROM outage
       WHERE merged_into IS NULL AND id IN (SELECT value FROM json_each(?)) ORDER BY from_at, id`,
    )
    .all(ids) as Row[]
  const members = sqlite
    .prepare(`${selectMembers} WHERE outage IN (SELECT value FROM json_each(?)) ORDER BY from_at, device`)
    .all(ids) as Member[]
  if (members.length === 0) return
  const first = members[0]!.from
  const last = Math.max(...members.map(({ from, to }) => to ?? from))
  const span = { from: first - before, to: Math.min(last + after, first + most) }
  const around = sqlite
    .prepare(`${selectMembers} WHERE from_at >= ? AND from_at <= ? ORDER BY from_at, device`)
    .all(span.from, span.to) as Member[]
  const causes = rows.flatMap((row) => causeOf(row, members, said) ?? [])
  const events = eventsOf(around, span.to)
  yield { name, kind: 'judged', seed: 0, devices, record: {}, events, causes, works: [], ...span }
}

const selectMembers = 'SELECT outage, device, from_at AS "from", to_at AS "to", sign, expected FROM outage_member'

function causeOf({ id, kind, key }: Row, all: readonly Member[], said: readonly Said[]): Cause | null {
  const members = all.filter(({ outage }) => outage === id)
  if (members.length === 0) return null
  const named = said.some(({ act, outage }) => outage === id && (act === 'cause' || act === 'confirm'))
  const ends = members.map(({ to }) => to)
  return {
    what: `${kind} ${key}`,
    lone: new Set(members.map(({ device }) => device)).size === 1,
    names: named ? namesOf(kind, key) : anyName,
    members: members.map(({ device, from, to }) => ({ device, from, to })),
    from: Math.min(...members.map(({ from }) => from)),
    to: ends.includes(null) ? null : Math.max(...(ends as number[])),
    due: null,
    mayTell: true,
  }
}

const anyName: Name[] = causeKinds.map((kind) => ({ kind }))
/** A moment, an area and words are named by whom they hold. */
const namesOf = (kind: string, key: string): Name[] =>
  kind === 'other'
    ? anyName
    : kind === 'moment' || (kind === 'place' && key.includes('/'))
      ? [{ kind }]
      : [{ kind, keys: [key] }]

/** A device that was in two outages at a time failed once. */
function eventsOf(members: readonly Member[], until: number): FieldEvent[] {
  const events = members.flatMap(({ device, from, to, sign, expected }): FieldEvent[] => {
    const silent = sign === 'silent' || sign === 'blind'
    const of = {
      device,
      sign,
      expected: expected === 1,
      rung: sign === 'device' ? 'authenticated' : 'reachable',
    } as const
    const began: FieldEvent = { ...of, to: silent ? 'unknown' : 'down', at: from, decidedAt: from + decidedMs }
    return to === null || to > until ? [began] : [began, { ...of, to: 'up', at: to, decidedAt: to + decidedMs }]
  })
  return events.sort((a, b) => a.decidedAt - b.decidedAt || (a.device < b.device ? -1 : 1))
}

function devicesOf(sqlite: DatabaseSync): Device[] {
  const rows = sqlite
    .prepare(
      `SELECT d.id, district, carrier, b.gateway, pole, feed, switch, switch_port AS port, recorder, ip_address AS ipAddress, longitude,
         latitude, r.record ->> '$.model' AS model, point_type AS pointType, address
       FROM registry_device d JOIN registry_record r ON r.id = d.id LEFT JOIN gateways_binding b ON b.device = d.id
       WHERE stage = 'in-service' ORDER BY d.id`,
    )
    .all() as (Omit<Device, 'firmware' | 'credential' | 'installedAt' | 'model'> & { model: string | null })[]
  // What the record does not know, no two have in common.
  return rows.map((row) => ({
    ...row,
    model: row.model ?? row.id,
    firmware: row.id,
    credential: row.id,
    installedAt: 0,
  }))
}
