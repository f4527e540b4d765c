/**
 * Correlation on scenarios that are unlike our own corpus.
 *
 *   npm run bench -- outages --unlike [--set open|aside|all] [--kind K] [--sample N] [--verbose]
 *
 * --set     open (the default): what may be looked at; aside: what is kept aside; all
 * --sample  so many scenarios of each kind
 */
import { corpus, kinds, type Set as Part, sets } from './corpus.ts'
import { type Peer, type PeerScore, peers, scorePeer } from './peers.ts'
import { replay } from './replay.ts'
import { type Score, score } from './score.ts'
import { printTable, result } from './table.ts'
import type { Scenario } from './types.ts'
import { describe } from './verbose.ts'

const option = (name: string) => {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}

export type Outcome = { kind: string; score: Score; peers: Record<Peer, PeerScore>; cpuMs: number; events: number }

const set = (option('--set') ?? 'open') as Part
const kind = option('--kind')
if (!sets.includes(set)) throw new Error(`--set is one of ${sets.join(', ')}`)
if (kind && !(kind in kinds)) throw new Error(`--kind is one of ${Object.keys(kinds).join(', ')}`)

function run(scenario: Scenario): Outcome {
  const replayed = replay(scenario)
  const own = score(scenario, replayed)
  if (process.argv.includes('--verbose')) describe(scenario, replayed)
  const beside = Object.fromEntries((Object.keys(peers) as Peer[]).map((peer) => [peer, scorePeer(scenario, peer)]))
  return {
    kind: scenario.kind,
    score: own,
    peers: beside as Record<Peer, PeerScore>,
    cpuMs: replayed.cpuMs,
    events: scenario.events.length,
  }
}

const outcomes: Outcome[] = []
const sample = option('--sample')
for (const scenario of corpus({ set, ...(kind && { kind }), ...(sample && { sample: Number(sample) }) }))
  outcomes.push(run(scenario))
printTable(outcomes)
console.log(JSON.stringify(result(outcomes, set)))
