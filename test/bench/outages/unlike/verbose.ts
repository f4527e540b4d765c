/** What was true and what was said of one scenario, side by side, without the background. */
import type { Replayed } from './replay.ts'
import type { Scenario } from './types.ts'

export function describe(scenario: Scenario, { groups, told }: Replayed): void {
  const minutes = (at: number | null) => (at === null ? '…' : ((at - scenario.from) / 60_000).toFixed(1))
  console.log(`${scenario.name}: ${scenario.devices.length} devices, ${scenario.events.length} events`)
  const shown = new Set<string>()
  for (const cause of scenario.causes) {
    if (cause.what === 'background' || (cause.lone && cause.what.startsWith('a device'))) continue
    for (const { device } of cause.members) shown.add(device)
    console.log(
      `  true  ${cause.what}: ${cause.members.length}, ${minutes(cause.from)}–${minutes(cause.to)} min${cause.due ? ', due' : ''}`,
    )
  }
  for (const { kind, key, mode, episodes, open } of groups.values())
    if (episodes.some((e) => shown.has(e.device)) || new Set(episodes.map((e) => e.device)).size > 1)
      console.log(
        `  ours  ${kind} ${key} ${mode}: ${new Set(episodes.map((e) => e.device)).size} devices, ${episodes.length} episodes, from ${minutes(Math.min(...episodes.map((e) => e.from)))} min${open ? ', open' : ''}`,
      )
  for (const { at, what, devices } of told) console.log(`  told  ${what} at ${minutes(at)} min of ${devices.length}`)
}
