/** What figures ask of every device, answered on the thread of long readings. */
import type { DatabaseSync } from 'node:sqlite'
import { type Carrier, type DeviceState, type IntactPart, inScope, type Scope, type ScoreSubject } from '@hub/contracts'
import {
  clockRight,
  type IntactDevice,
  intact,
  type KpiFigure,
  measuredParts,
  onlineSnapshot,
  positionRight,
  recordComplete,
  type Span,
  snapshot,
} from '@hub/core'
import type { Exemptions, ReadSource, RegistryCounts } from '@hub/platform'
import { createJudged, type Judged, type JudgedDevice } from './assessed.ts'
import { createExemptions } from './exemptions.ts'

export type RegistryFigures = {
  /** Snapshot, intact, clock; of the period: record, position. */
  figures: [KpiFigure, KpiFigure, KpiFigure, KpiFigure, KpiFigure]
  /** The parts that intact counts. */
  parts: IntactPart[]
}
type Counts = RegistryCounts['record']

/** What is kept between two questions, of one connection. */
type Kept = { judged: Judged; adjustments: Exemptions; states(): Map<string, State> }
type State = [device: string, state: DeviceState, picture: string | null, clockOffsetMs: number | null]
const kept = new WeakMap<DatabaseSync, Kept>()

function keptOf(sqlite: DatabaseSync): Kept {
  const there = kept.get(sqlite)
  if (there) return there
  const states = sqlite.prepare('SELECT device, state, picture, clock_offset_ms FROM ingest_state')
  states.setReturnArrays(true)
  const made: Kept = {
    judged: createJudged(sqlite),
    adjustments: createExemptions(sqlite),
    states: () => new Map((states.all() as unknown as State[]).map((row) => [row[0], row])),
  }
  kept.set(sqlite, made)
  return made
}

type FigureQuestion = Span & { scope: Scope; carrier?: Carrier | undefined; now: number; clockLimitMs: number }

export const registryFigures = ({ snapshot }: ReadSource, question: FigureQuestion): Promise<RegistryFigures> =>
  snapshot((sqlite) => figuresOf(keptOf(sqlite), question))

function figuresOf(
  { judged, adjustments, states: readStates }: Kept,
  { scope, carrier, from, to, now, clockLimitMs }: FigureQuestion,
): RegistryFigures {
  adjustments.reload()
  const states = readStates()
  const instant = { from: now, to: now + 1 }
  const due: JudgedDevice[] = []
  const present: { state: DeviceState; exempt: boolean }[] = []
  const cameras: IntactDevice[] = []
  const offsets: (number | null)[] = []
  for (const device of judged.devices()) {
    const asked = (one: { district: string; carrier: string }) =>
      inScope(scope, one.district) && (carrier === undefined || one.carrier === carrier)
    if (dueIn(device, { from, to }).some(asked)) due.push(device)
    if (!asked(device)) continue
    if (device.stage !== 'in-service') continue
    const [, state = 'unknown', picture = null, offset = null] = states.get(device.id) ?? []
    const exempt = adjustments.claims(device, instant).some(({ countAs }) => countAs === 'exempt')
    present.push({ state, exempt })
    if (device.kind !== 'camera') continue
    offsets.push(offset)
    cameras.push({
      online: state === 'unknown' ? null : state !== 'down',
      image: picture === null ? null : picture === 'pass',
      recording: null,
      control: null,
      exempt,
    })
  }
  const parts = measuredParts(cameras)
  return {
    parts,
    figures: [
      onlineSnapshot(snapshot(present)),
      intact(cameras, parts),
      clockRight(offsets, clockLimitMs),
      recordComplete(due.map(({ fields }) => fields)),
      positionRight(due.map(({ position }) => position)),
    ],
  }
}

const dueIn = ({ due }: JudgedDevice, span: Span) =>
  due.filter(({ from, to }) => from < span.to && (to ?? span.to) > span.from)

/** What the registry says of the devices that were due in the period, by the subject that they then belonged to. */
export const registryCounts = (
  { snapshot }: ReadSource,
  { kind, ...period }: Span & { kind: ScoreSubject['kind'] },
): Promise<RegistryCounts[]> =>
  snapshot((sqlite) => {
    const { judged, states: readStates } = keptOf(sqlite)
    const states = readStates()
    const counts = new Map<string, RegistryCounts>()
    for (const device of judged.devices()) {
      const picture = states.get(device.id)?.[2] ?? null
      for (const subject of new Set(dueIn(device, period).map((due) => due[kind]))) {
        const sum = counts.get(subject) ?? { subject, record: { ...nothing }, image: { ...nothing } }
        counts.set(subject, sum)
        add(sum.record, device.fields.valid, device.fields.required)
        if (picture !== null) add(sum.image, picture === 'pass' ? 1 : 0, 1)
      }
    }
    return [...counts.values()]
  })

const nothing: Counts = { numerator: 0, denominator: 0 }

function add(counts: Counts, numerator: number, denominator: number): void {
  counts.numerator += numerator
  counts.denominator += denominator
}
