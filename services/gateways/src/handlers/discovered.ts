/** Discovery: what was found, its approval and its rejection. Nothing is spoken to before it is approved. */

import { type DiscoveredRow, errorMessage, HubError, inScope, limitText } from '@hub/contracts'
import { type Deps, type Handlers, type Language, tablesOf, type Viewer, yieldToEventLoop } from '@hub/platform'
import { type Approved, approve } from '../approval.ts'
import type { GatewaysConfig } from '../config.ts'
import { type RecordedDevice, recordedDevices } from '../devices.ts'
import { reject } from '../discovered.ts'
import { judgeApproval } from '../judge-approval.ts'
import { indexPlannedSigns } from '../planned-signs.ts'
import { gatewaysQueries } from '../read-thread.ts'
import { createRegistryChanged } from '../registry-changed.ts'
import { slicesOf } from '../slices.ts'
import { districtsOf } from '../store.ts'
import type { GatewaysData } from '../tables.ts'
import { everyMsOf } from '../take-registry-change.ts'

type Refused = { endpoint: string; problem: string }
/** `order`: its place in the request. */
type Wanted = { order: number; approval: Approved; confirm?: string }
/** Decisions in one transaction: ingest waits for it at most. */
const chunk = 100

export function discoveredHandlers(deps: Deps<GatewaysConfig>): Pick<Handlers, 'discovered' | 'approve' | 'reject'> {
  const { audit, config, clock } = deps
  const record = tablesOf<GatewaysData>(deps.record)
  const registryChanged = createRegistryChanged(deps)
  const queries = gatewaysQueries(deps.record)
  const defaultCredential = config.demo?.credential ?? 'default'
  const rematch = config.demo !== undefined

  const list = async (viewer: Viewer): Promise<DiscoveredRow[]> => {
    const all: DiscoveredRow[] = []
    for await (const rows of queries.each('discovered', viewer.scope)) all.push(...rows)
    return all
  }

  /** Of the rows under one endpoint (two gateways may find one device) the one that may still be decided, and has a record. */
  async function candidates(
    { scope }: Viewer,
    asked: readonly { endpoint: string }[],
  ): Promise<(endpoint: string) => DiscoveredRow | undefined> {
    await indexPlannedSigns(record, { rematch })
    const all: DiscoveredRow[] = []
    const endpoints = [...new Set(asked.map(({ endpoint }) => endpoint))]
    for await (const rows of queries.each('discoveredUnder', { scope, endpoints })) all.push(...rows)
    const found = Map.groupBy(all, (row) => row.endpoint)
    return (endpoint) => {
      const rows = found.get(endpoint)
      const waiting = rows?.filter((row) => row.status === 'waiting' || row.moved) ?? []
      return waiting.find((row) => row.matches !== null) ?? waiting[0] ?? rows?.[0]
    }
  }

  const bind = (wanted: readonly Wanted[], viewer: Viewer) =>
    record.transaction(async (trx) => {
      const now = clock.now()
      await approve(
        trx,
        wanted.map(({ approval }) => approval),
        everyMsOf(config),
        { rematch },
      )
      for (const { approval, confirm } of wanted) {
        const { device, ...how } = approval
        const detail = { ...how, ...(confirm && { confirm }) }
        await audit.append(trx, { at: now, actor: viewer.user, action: 'discovered.approve', subject: device, detail })
      }
    })

  /** Together when all is well; one by one when one of them is not, so that each is answered by itself. */
  async function bindEach(wanted: readonly Wanted[], viewer: Viewer, refuse: (w: Wanted, error: HubError) => void) {
    const done: Wanted[] = []
    for (let i = 0; i < wanted.length; i += chunk) {
      const some = wanted.slice(i, i + chunk)
      const one = some.length === 1
      try {
        await bind(some, viewer)
        done.push(...some)
      } catch (error) {
        if (!(error instanceof HubError)) throw error
        if (one) refuse(some[0]!, error)
        else for (const single of some) done.push(...(await bindEach([single], viewer, refuse)))
      }
      await yieldToEventLoop()
    }
    return done
  }

  return {
    discovered: ({ viewer }) => list(viewer),

    async approve({ viewer, body, language }) {
      const problems: { order: number; refused: Refused }[] = []
      const refuse = (order: number, error: unknown) => {
        const { endpoint } = body.approve[order]!
        problems.push({ order, refused: refusal(endpoint, error, language) })
      }
      const candidate = await candidates(viewer, body.approve)
      const wanted = new Map<string, Wanted>()
      const wantedAs = new Map<string, string>()
      for (const [order, asked] of body.approve.entries())
        try {
          const approval = judgeApproval(asked, candidate(asked.endpoint), defaultCredential)
          const rival = wanted.get(approval.device)
          if (rival) throw taken('device', approval.device, rival.approval.endpoint)
          const other = wantedAs.get(asked.endpoint)
          if (other) throw taken('endpoint', asked.endpoint, other)
          wantedAs.set(asked.endpoint, approval.device)
          wanted.set(approval.device, { order, approval, ...(asked.confirm && { confirm: asked.confirm }) })
        } catch (error) {
          refuse(order, error)
        }
      const targets = await recordedDevices(record.db, [...wanted.keys()])
      const gateways = new Set([...wanted.values()].map(({ approval }) => approval.gateway))
      const served = new Map<string, readonly (string | undefined)[]>()
      for (const gateway of gateways) served.set(gateway, await districtsOf(record.db, gateway))
      const sound = [...wanted.values()].filter(({ order, approval: { device, gateway } }) => {
        const problem = unfit(device, targets.get(device), viewer, { gateway, districts: served.get(gateway) ?? [] })
        if (problem) refuse(order, problem)
        return problem === undefined
      })
      const done = await bindEach(sound, viewer, ({ order }, error) => refuse(order, error))
      const approvals = done.map(({ approval }) => approval)
      const approved = approvals.map(({ device }) => device)
      // Once for all of them. The assignments have been bumped already.
      if (done.length > 0)
        await record.transaction((trx) =>
          registryChanged(
            trx,
            approved,
            approvals.map(({ gateway }) => gateway),
          ),
        )
      problems.sort((a, b) => a.order - b.order)
      return { approved, refused: problems.map(({ refused }) => refused) }
    },

    async reject({ viewer, body, language }) {
      const rejected: string[] = []
      const refused: Refused[] = []
      const candidate = await candidates(viewer, body.reject)
      const at = clock.now()
      for (const some of slicesOf(body.reject, chunk)) {
        await record.transaction(async (trx) => {
          for (const { endpoint, reason } of some)
            try {
              const row = candidate(endpoint)
              if (!row) throw new HubError('discovered.unknown', { value: endpoint })
              await reject(trx, row, { at, actor: viewer.user, reason }, { rematch })
              const act = { actor: viewer.user, action: 'discovered.reject', subject: endpoint } as const
              await audit.append(trx, { at, ...act, detail: { gateway: row.gateway, reason } })
              rejected.push(endpoint)
            } catch (error) {
              refused.push(refusal(endpoint, error, language))
            }
        })
        await yieldToEventLoop()
      }
      return { rejected, refused }
    },
  }
}

function refusal(endpoint: string, error: unknown, language: Language): Refused {
  if (!(error instanceof HubError)) throw error
  return { endpoint, problem: errorMessage(error.code, error.params, language) }
}

const taken = (field: 'device' | 'endpoint', value: string, other: string) =>
  new HubError('request.invalid', { field, value, limit: limitText('wanted-as-well', { other }) })

/** Why a device cannot be what was found, if it cannot. One that is out of scope does not exist. */
function unfit(
  device: string,
  target: RecordedDevice | undefined,
  viewer: Viewer,
  finder: { gateway: string; districts: readonly (string | undefined)[] },
): HubError | undefined {
  if (!target || !inScope(viewer.scope, target.district)) return new HubError('device.unknown', { value: device })
  const wrong = (limit: string) => new HubError('request.invalid', { field: 'device', value: device, limit })
  if (target.kind !== 'camera') return wrong(limitText('be-camera'))
  if (finder.districts.includes(target.district)) return undefined
  return wrong(limitText('gateway-districts', { gateway: finder.gateway, districts: finder.districts.join(', ') }))
}
