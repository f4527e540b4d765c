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
import type { Handlers, Language } from '../http/call.ts'
import { due, groupOf, groupsBy, snapshotOf } from '../live/groups.ts'
import { listGateways } from '../store/gateways.ts'
import { currentOutages } from '../store/trouble.ts'
import type { Context } from './context.ts'

const feedLength = 50

/** How unknown counts, in words that the console prints beside the figure. */
const unknownRule = {
  zh: '快照在线率 =（在线 + 降级）÷（在用 − 豁免），未知不算在线；时段在线率不计未知时长，未知另列。',
  en: 'Snapshot rate = (up + degraded) ÷ (in service − exempt): unknown is not online. The time rate leaves unknown time out and shows it apart.',
} as const satisfies Record<Language, string>

/** A viewer's scope, narrowed to one district when it was asked for. A foreign district leaves nothing. */
const narrowed = (scope: Scope, district: Scope[number] | undefined): Scope =>
  district === undefined
    ? scope
    : districts.filter((d) => d.code === district && inScope(scope, d.code)).map((d) => d.code)

const codesIn = (scope: Scope) => districts.map((d) => d.code).filter((code) => inScope(scope, code))

export const overviewHandlers = ({
  config,
  clock,
  record,
  model,
  feed,
  figures,
}: Context): Pick<Handlers, 'overview' | 'districts'> => ({
  async overview({ viewer, query, language }) {
    const scope = narrowed(viewer.scope, query.district)
    const [trend, yesterday, gateways, outages] = await Promise.all([
      figures.trend(scope),
      figures.yesterday(scope),
      listGateways(record.db, scope, clock.now()),
      currentOutages(record.db, scope, clock.now()),
    ])
    const all = model.devices(scope)
    const inService = due(all)
    const by = (league: 'district' | 'application' | 'carrier', keys: readonly string[]) =>
      groupsBy(league, keys, inService, (key) => yesterday(league, key))
    return {
      asOf: clock.now(),
      policy: {
        target: config.policy.target,
        provenance: config.policy.provenance,
        unknown: unknownRule[language],
      },
      city: groupOf('city', inService, yesterday('city', 'city')),
      districts: by('district', codesIn(scope)),
      applications: by('application', applications),
      carriers: by('carrier', carriers),
      stages: countStages(all),
      trend,
      feed: feed.latest(scope, feedLength).flatMap((transition) => {
        const device = model.get(transition.device)
        if (!device) return []
        const { name, carrier, application } = device
        return [{ ...transition, name, carrier: carrier as Carrier, application: application as Application }]
      }),
      gateways: { online: gateways.filter((g) => g.online).length, total: gateways.length },
      outages,
    }
  },

  districts({ viewer }) {
    const members = Map.groupBy(due(model.devices(viewer.scope)), (device) => device.district)
    return districts
      .filter(({ code }) => inScope(viewer.scope, code))
      .map(({ code, zh, en, centre }) => ({
        code,
        zh,
        en,
        centre: [...centre] as [number, number],
        now: snapshotOf(members.get(code) ?? []),
      }))
  },
})

function countStages(devices: readonly { stage: Stage }[]): Overview['stages'] {
  const counts: Overview['stages'] = {}
  for (const { stage } of devices) counts[stage] = (counts[stage] ?? 0) + 1
  return counts
}
