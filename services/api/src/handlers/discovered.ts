/** Discovery: what was found, its approval and its rejection. Nothing is spoken to before it is approved. */
import { type DiscoveredRow, errorMessage, HubError, inScope } from '@hub/contracts'
import { type Approved, approve, districtsOf, reject } from '@hub/platform'
import { judgeApproval } from '../approval.ts'
import { audit } from '../audit.ts'
import type { Handlers, Language, Viewer } from '../http/call.ts'
import { registryReader } from '../reading/reader.ts'
import { placesOf } from '../store/devices.ts'
import type { Context } from './context.ts'

type Refused = { endpoint: string; problem: string }
/** `order`: place of the wish in the request. */
type Wanted = { order: number; approval: Approved; confirm?: string }
/** Approvals in one transaction: ingest waits for it at most. */
const chunk = 100

export function discoveredHandlers(context: Context): Pick<Handlers, 'discovered' | 'approve' | 'reject'> {
  const { config, clock, record, registryChanged } = context
  const defaultCredential = config.demo?.credential ?? 'default'

  const reader = registryReader(record)

  const list = async (viewer: Viewer): Promise<DiscoveredRow[]> => {
    const all: DiscoveredRow[] = []
    for await (const rows of reader.each('discovered', viewer.scope)) all.push(...rows)
    return all
  }

  /** Of the rows under one endpoint (two gateways may find one device) the one that may still be decided, and has a record. */
  async function candidates(viewer: Viewer): Promise<(endpoint: string) => DiscoveredRow | undefined> {
    const found = Map.groupBy(await list(viewer), (row) => row.endpoint)
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
        now,
      )
      for (const { approval, confirm } of wanted) {
        const { device, ...how } = approval
        const detail = { ...how, ...(confirm && { confirm }) }
        await audit(trx, now, { actor: viewer.user, action: 'discovered.approve', subject: device, detail })
      }
    })

  /** Together when all is well; one by one when one of them is not, so that each is told by itself. */
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
      const candidate = await candidates(viewer)
      const wanted = new Map<string, Wanted>()
      const wantedAs = new Map<string, string>()
      for (const [order, wish] of body.approve.entries())
        try {
          const approval = judgeApproval(wish, candidate(wish.endpoint), defaultCredential)
          const rival = wanted.get(approval.device)
          if (rival) throw taken('device', approval.device, rival.approval.endpoint)
          const other = wantedAs.get(wish.endpoint)
          if (other) throw taken('endpoint', wish.endpoint, other)
          wantedAs.set(wish.endpoint, approval.device)
          wanted.set(approval.device, { order, approval, ...(wish.confirm && { confirm: wish.confirm }) })
        } catch (error) {
          refuse(order, error)
        }
      const targets = await placesOf(record.db, [...wanted.keys()])
      const gateways = new Set([...wanted.values()].map(({ approval }) => approval.gateway))
      const served = new Map<string, readonly (string | undefined)[]>()
      for (const gateway of gateways) served.set(gateway, await districtsOf(record.db, gateway))
      const sound = [...wanted.values()].filter(({ order, approval: { device, gateway } }) => {
        const problem = unfit(device, targets.get(device), viewer, { gateway, districts: served.get(gateway) ?? [] })
        if (problem) refuse(order, problem)
        return problem === undefined
      })
      const done = await bindEach(sound, viewer, ({ order }, error) => refuse(order, error))
      if (done.length > 0) registryChanged(new Set(done.map(({ approval }) => approval.gateway)))
      problems.sort((a, b) => a.order - b.order)
      return { approved: done.map(({ approval }) => approval.device), refused: problems.map(({ refused }) => refused) }
    },

    async reject({ viewer, body, language }) {
      const rejected: string[] = []
      const refused: Refused[] = []
      const candidate = await candidates(viewer)
      const at = clock.now()
      await record.transaction(async (trx) => {
        for (const { endpoint, reason } of body.reject)
          try {
            const row = candidate(endpoint)
            if (!row) throw new HubError('discovered.unknown', { value: endpoint })
            await reject(trx, row, { at, actor: viewer.user, reason })
            const act = { actor: viewer.user, action: 'discovered.reject', subject: endpoint } as const
            await audit(trx, at, { ...act, detail: { gateway: row.gateway, reason } })
            rejected.push(endpoint)
          } catch (error) {
            refused.push(refusal(endpoint, error, language))
          }
      })
      return { rejected, refused }
    },
  }
}

function refusal(endpoint: string, error: unknown, language: Language): Refused {
  if (!(error instanceof HubError)) throw error
  return { endpoint, problem: errorMessage(error.code, error.params, language) }
}

const taken = (field: 'device' | 'endpoint', value: string, other: string) =>
  new HubError('request.invalid', { field, value, limit: `is wanted for ${other} as well` })

/** Why a device cannot be what was found, if it cannot. One that is out of scope does not exist. */
function unfit(
  device: string,
  target: { kind: string; district: string } | undefined,
  viewer: Viewer,
  finder: { gateway: string; districts: readonly (string | undefined)[] },
): HubError | undefined {
  if (!target || !inScope(viewer.scope, target.district)) return new HubError('device.unknown', { value: device })
  const wrong = (limit: string) => new HubError('request.invalid', { field: 'device', value: device, limit })
  if (target.kind !== 'camera') return wrong('must be a camera')
  if (finder.districts.includes(target.district)) return undefined
  return wrong(`must be in a district of gateway ${finder.gateway}: ${finder.districts.join(', ')}`)
}
