/** The figures as a table by kind, and as the one object of the last line. */
import type { Outcome } from './main.ts'
import type { Peer } from './peers.ts'
import { peers } from './peers.ts'
import { addScores, f1, noScore, type Pairs } from './score.ts'

const rounded = (n: number, digits = 4) => Number(n.toFixed(digits))
const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / Math.max(1, list.length)
const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0)
const sumOf = (of: readonly Outcome[]) => of.reduce((sum, o) => addScores(sum, o.score), noScore())
const cpuOf = (of: readonly Outcome[]) =>
  share(
    of.reduce((a, o) => a + o.cpuMs, 0),
    of.reduce((a, o) => a + o.events, 0),
  )

/** Each scenario counts the same within its kind, and each kind the same in all. */
function macro(of: readonly Outcome[], pairs: (o: Outcome) => Pairs) {
  const byKind = [...Map.groupBy(of, (o) => o.kind).values()].map((list) => list.map((o) => f1(pairs(o))))
  const over = (key: 'precision' | 'recall' | 'f1') =>
    rounded(mean(byKind.map((list) => mean(list.map((f) => f[key])))))
  return { precision: over('precision'), recall: over('recall'), f1: over('f1') }
}
function micro(of: readonly Outcome[], pairs: (o: Outcome) => Pairs) {
  const sum = of
    .map(pairs)
    .reduce((a, b) => ({ both: a.both + b.both, grouped: a.grouped + b.grouped, truly: a.truly + b.truly }))
  const { precision, recall, f1: both } = f1(sum)
  return { precision: rounded(precision), recall: rounded(recall), f1: rounded(both) }
}

export function printTable(outcomes: readonly Outcome[]): void {
  console.log(
    'kind                n  prec   rec    F1     cause     not told  lone merged  left open  notices/due  ms/event | F1 of each, minute, half',
  )
  for (const [kind, of] of Map.groupBy(outcomes, (o) => o.kind)) {
    const own = macro(of, (o) => o.score.pairs)
    const s = sumOf(of)
    const beside = (Object.keys(peers) as Peer[]).map((peer) => macro(of, (o) => o.peers[peer].pairs).f1.toFixed(2))
    const cells = [
      kind.padEnd(18),
      String(of.length).padStart(2),
      ...[own.precision, own.recall, own.f1].map((n) => n.toFixed(3).padEnd(5)),
      `${s.right}/${s.causes}`.padEnd(8),
      `${s.neverTold}/${s.due}`.padEnd(8),
      `${s.loneMerged}/${s.lone}`.padEnd(11),
      `${s.leftOpen}/${s.ended}`.padEnd(9),
      `${s.notices}/${s.due}`.padEnd(11),
      cpuOf(of).toFixed(2).padStart(8),
      `| ${beside.join(' ')}`,
    ]
    console.log(cells.join('  '))
  }
  const { named } = sumOf(outcomes)
  for (const [tenth, entry] of named.entries())
    if (entry)
      console.log(
        `named with ${tenth * 10}-${tenth * 10 + 10} %: ${entry[0]} causes, right ${Math.round((100 * entry[1]) / entry[0])} %`,
      )
}

/** The house's form: ours, the peers, ratios. */
export function result(outcomes: readonly Outcome[], set: string) {
  const s = sumOf(outcomes)
  const own = (o: Outcome) => o.score.pairs
  const all = macro(outcomes, own)
  const beside = Object.fromEntries(
    (Object.keys(peers) as Peer[]).map((peer) => [
      peer,
      {
        macro_f1: macro(outcomes, (o) => o.peers[peer].pairs).f1,
        micro_f1: micro(outcomes, (o) => o.peers[peer].pairs).f1,
        notices: outcomes.reduce((a, o) => a + o.peers[peer].notices, 0),
      },
    ]),
  )
  return {
    bench: 'outages-unlike',
    ours: {
      set,
      scenarios: outcomes.length,
      kinds: new Set(outcomes.map((o) => o.kind)).size,
      macro: all,
      micro: micro(outcomes, own),
      cause_right: rounded(share(s.right, s.causes)),
      cause_groups: s.causes,
      due: s.due,
      due_never_told: s.neverTold,
      due_never_told_share: rounded(share(s.neverTold, s.due)),
      lone_merged_share: rounded(share(s.loneMerged, s.lone)),
      left_open_share: rounded(share(s.leftOpen, s.ended)),
      notices: s.notices,
      events: outcomes.reduce((a, o) => a + o.events, 0),
      cpu_ms_per_event: rounded(cpuOf(outcomes)),
    },
    peers: beside,
    ratios: {
      notices_to_ideal: rounded(share(s.notices, s.due), 2),
      ...Object.fromEntries(
        Object.entries(beside).map(([peer, { macro_f1 }]) => [
          `macro_f1_to_${peer}`,
          rounded(all.f1 / Math.max(macro_f1, 1e-4), 2),
        ]),
      ),
    },
  }
}
