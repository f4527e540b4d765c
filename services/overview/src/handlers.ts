/** The city in one answer, and the districts with their snapshot. */

import {
  type Application,
  applications,
  type Carrier,
  carriers,
  districts,
  inScope,
  type Overview,
  type Scope,
  type Stage,
} from '@hub/contracts'
import type { Deps, Handlers, Language, RecordStore, Viewer } from '@hub/platform'
import { currentOutages } from './current-outages.ts'
import type { OverviewData } from './data.ts'
import type { Feed } from './feed.ts'
import type { Figures } from './figures.ts'
import { countGateways } from './gateways.ts'
import type { LiveDevice, LiveModel } from './model.ts'
import { due, groupOf, groupsBy, type RankedBy, snapshotOf } from './ranking.ts'
import { overviewQueries } from './read-thread.ts'

const feedLength = 50

/** How unknown counts, in words that the console prints beside the figure. */
const unknownRule = {
  zh: '快照在线率 =（在线 + 降级）÷（在用 − 豁免），未知不算在线，全部未知时没有数值；时段在线率不计未知时长，未知另列。',
  en: 'Snapshot rate = (up + degraded) ÷ (in service − exempt): unknown is not online, and when all are unknown there is no rate. The time rate leaves unknown time out and shows it apart.',
} as const satisfies Record<Language, string>

/** A viewer's scope, narrowed to one district when it was asked for. A foreign district leaves nothing. */
const narrowed = (scope: Scope, district: Scope[number] | undefined): Scope =>
  district === undefined
    ? scope
    : districts.filter((d) => d.code === district && inScope(scope, d.code)).map((d) => d.code)

/** Who sees some devices only is shown the districts that they are in. */
const codesIn = (scope: Scope, { devices }: Pick<Viewer, 'devices'>, seen: readonly LiveDevice[]) => {
  const codes = districts.map((d) => d.code).filter((code) => inScope(scope, code))
  if (devices === 'all') return codes
  const own = new Set(seen.map(({ district }) => district))
  return codes.filter((code) => own.has(code))
}

type Parts = Pick<Deps, 'config' | 'clock'> & {
  record: RecordStore<OverviewData>
  model: LiveModel
  feed: Feed
  figures: Figures
}

export const overviewHandlers = ({
  config,
  clock,
  record,
  model,
  feed,
  figures,
}: Parts): Pick<Handlers, 'overview' | 'districts' | 'commissioning'> => ({
  async overview({ viewer, query, language }) {
    const seen = { ...viewer, scope: narrowed(viewer.scope, query.district) }
    const { scope } = seen
    const [trend, yesterday, gateways, outages] = await Promise.all([
      figures.trend(seen),
      figures.yesterday(seen),
      // Gateways are of no one unit.
      countGateways(record.db, viewer.devices === 'all' ? scope : [], clock.now()),
      currentOutages(record.db, seen),
    ])
    const all = model.devices(seen)
    const inService = due(all)
    const rank = (by: RankedBy, keys: readonly string[]) => groupsBy(by, keys, inService, (key) => yesterday(by, key))
    return {
      asOf: clock.now(),
      policy: {
        target: config.policy.target,
        provenance: config.policy.provenance,
        unknown: unknownRule[language],
      },
      city: groupOf('city', inService, yesterday('city', 'city')),
      districts: rank('district', codesIn(scope, viewer, all)),
      applications: rank('application', applications),
      carriers: rank('carrier', carriers),
      stages: countStages(all),
      trend,
      feed: feed
        .latest(feedLength, (t) => model.sees(seen, { id: t.device, district: t.district }))
        .flatMap((transition) => {
          const device = model.get(transition.device)
          if (!device) return []
          const { name, carrier, application } = device
          return [{ ...transition, name, carrier: carrier as Carrier, application: application as Application }]
        }),
      gateways,
      outages,
    }
  },

  districts({ viewer }) {
    const all = model.devices(viewer)
    const members = Map.groupBy(due(all), (device) => device.district)
    const codes: readonly string[] = codesIn(viewer.scope, viewer, all)
    return districts
      .filter(({ code }) => codes.includes(code))
      .map(({ code, zh, en, centre }) => ({
        code,
        zh,
        en,
        centre: [...centre] as [number, number],
        now: snapshotOf(members.get(code) ?? []),
      }))
  },

  commissioning: ({ viewer }) =>
    overviewQueries(record).ask('commissioning', { scope: viewer.scope, now: clock.now() }),
})

function countStages(devices: readonly { stage: Stage }[]): Overview['stages'] {
  const counts: Overview['stages'] = {}
  for (const { stage } of devices) counts[stage] = (counts[stage] ?? 0) + 1
  return counts
}
