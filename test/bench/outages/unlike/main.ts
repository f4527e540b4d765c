/**
 * Correlation on scenarios that are unlike our own corpus, or on what people said of real outages.
 *
 *   npm run bench -- outages --unlike [--set open|aside|all] [--kind K] [--sample N] [--write FOLDER] [--verbose]
 *   npm run bench -- outages --judged FOLDER [--verbose]
 *
 * --set     open (the default): what may be looked at; aside: what is kept aside; all
 * --sample  so many scenarios of each kind
 * --write   each scenario with its truth as a file that --judged reads
 * --judged  the data folder of a hub, with what people said of its outages; or scenarios in files: devices, events, and the causes as
 *           people judged them
 */
import { corpus, kinds, type Set as Part, sets } from './corpus.ts'
import { judged, write } from './judged.ts'
import { type Peer, peers, scorePeer } from './peers.ts'
import { recorded, recordOf } from './record.ts'
import { replay } from './replay.ts'
import { score } from './score.ts'
import { headOf, namedOf, type Outcome, result, rowOf } from './table.ts'
import type { Scenario } from './types.ts'
import { describe } from './verbose.ts'

const option = (name: string) => {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}

function scenarios(): Iterable<Scenario> {
  const folder = option('--judged')
  const record = folder && recordOf(folder)
  if (record) return recorded(record)
  if (folder) return judged(folder)
  if (!sets.includes(set as Part)) throw new Error(`--set is one of ${sets.join(', ')}`)
  const [kind, sample] = [option('--kind'), option('--sample')]
  if (kind && !(kind in kinds)) throw new Error(`--kind is one of ${Object.keys(kinds).join(', ')}`)
  return corpus({ set: set as Part, ...(kind && { kind }), ...(sample && { sample: Number(sample) }) })
}

function run(scenario: Scenario): Outcome {
  const replayed = replay(scenario)
  if (process.argv.includes('--verbose')) describe(scenario, replayed)
  const beside = (Object.keys(peers) as Peer[]).map((peer) => [peer, scorePeer(scenario, peer)])
  return {
    kind: scenario.kind,
    score: score(scenario, replayed),
    peers: Object.fromEntries(beside),
    cpuMs: replayed.cpuMs,
    events: scenario.events.length,
  }
}

const set = option('--judged') ? 'judged' : (option('--set') ?? 'open')
const folder = option('--write')
const all: Outcome[] = []
let ofKind: Outcome[] = []
// Kinds come one after the other: each is printed as soon as it is through.
const flush = () => {
  if (ofKind.length > 0) console.log(rowOf(ofKind))
  ofKind = []
}
console.log(headOf())
for (const scenario of scenarios()) {
  if (folder) write(folder, scenario)
  if (ofKind[0] && ofKind[0].kind !== scenario.kind) flush()
  const outcome = run(scenario)
  ofKind.push(outcome)
  all.push(outcome)
}
flush()
for (const line of namedOf(all)) console.log(line)
console.log(JSON.stringify(result(all, set)))
