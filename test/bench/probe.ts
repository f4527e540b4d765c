/**
 * What one health probe on a fresh connection costs, beside the alternatives on the same target: CPU microseconds of the
 * probing process, user and system, 64 in flight. Rounds are interleaved, and a ratio is the median of the ratios of each
 * round, so that a busy machine is busy for all alike.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { percentile, rounded } from './field/proc.ts'
import { startBlackbox } from './probe/blackbox.ts'

const start = (...args: string[]) =>
  fork(import.meta.filename, args).once('exit', (code) => {
    // One that cannot start would be waited for for ever.
    if (code) process.exit(code)
  })
const ask = async (child: ChildProcess, probes: number): Promise<number> => {
  child.send(probes)
  return (await once(child, 'message'))[0] as number
}

/** Rounds until the code is compiled: a gateway runs for months. */
const warmUp = 5

async function compare(): Promise<void> {
  const count = Number(process.argv[2] ?? 3_000)
  const rounds = Number(process.argv[3] ?? 7)
  const target = start('target')
  const [port] = (await once(target, 'message')) as [number]
  const kinds = ['floor', 'exchange', 'ours', 'ours-token', 'node-onvif'] as const
  const children = new Map<string, ChildProcess>()
  for (const kind of kinds) {
    const child = start('client', kind, String(port))
    await once(child, 'message')
    children.set(kind, child)
  }
  const blackbox = await startBlackbox([`http://127.0.0.1:${port}/onvif/device_service`])
  const runs: [string, (probes: number) => Promise<number>][] = kinds.map((kind) => [
    kind,
    (probes) => ask(children.get(kind)!, probes),
  ])
  if (blackbox) runs.push(['blackbox', (probes) => blackbox.run(probes)])

  const figures = new Map<string, number[]>(runs.map(([kind]) => [kind, []]))
  for (let round = -warmUp; round < rounds; round++)
    for (const [kind, run] of runs) {
      const cpu = await run(count)
      if (round >= 0) figures.get(kind)!.push(cpu)
    }
  for (const child of children.values()) child.kill()
  target.kill()
  await blackbox?.stop()

  const median = (kind: string) => percentile(figures.get(kind) ?? [], 50) ?? undefined
  /** Of each round, then the median. */
  const ratio = (kind: string, of: string) =>
    percentile(
      (figures.get(kind) ?? []).map((cost, round) => cost / figures.get(of)![round]!),
      50,
    )
  const labels: Record<string, string> = {
    floor: 'TCP connect and reset (the floor)',
    exchange: 'the same request and answer over a bare socket of Node, nothing read of it',
    ours: 'our health probe: GetSystemDateAndTime, fresh connection',
    'ours-token': 'our GetDeviceInformation with WS-UsernameToken, fresh connection',
    'node-onvif': "node-onvif 0.1.7's own getSystemDateAndTime",
    blackbox: "Debian's prometheus-blackbox-exporter, HTTP POST",
  }
  const ours = median('ours')!
  for (const [kind] of runs)
    console.log(
      `${median(kind)!.toFixed(0).padStart(6)} µs CPU  ${ratio(kind, 'ours')!.toFixed(2).padStart(5)} × ours  ${labels[kind]}`,
    )
  if (!blackbox) console.log('prometheus-blackbox-exporter is not installed: not compared')
  const peers = runs.map(([kind]) => kind).filter((kind) => !kind.startsWith('ours'))
  console.log(
    JSON.stringify({
      bench: 'probe',
      ours: { cpu_us: rounded(ours), token_cpu_us: rounded(median('ours-token')), probes: count, rounds },
      peers: Object.fromEntries(peers.map((kind) => [kind, { cpu_us: rounded(median(kind)) }])),
      // Of the floor and the bare exchange: ours to it. Of the others: theirs to ours.
      ratios: Object.fromEntries(
        peers.map((kind) => [
          kind,
          rounded(kind === 'floor' || kind === 'exchange' ? ratio('ours', kind) : ratio(kind, 'ours'), 2),
        ]),
      ),
    }),
  )
}

// A process of its own for each side, so that its CPU is its own.
const [role] = process.argv.slice(2)
if (role === 'target') await import('./probe/target.ts')
else if (role === 'client') await import('./probe/client.ts')
else await compare()
