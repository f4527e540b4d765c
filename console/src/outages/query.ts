/** What the outage board, the work-order board and the page of one of them show, as part of the address. Pure. */
import {
  type Carrier,
  type CauseKind,
  carriers,
  causeKinds,
  overtimes,
  type WorkOrder,
  workOrderStatuses,
} from '@hub/contracts'

export const ranges = ['current', 'closed', 'all'] as const
export type OutagesQuery = {
  /** The outage or work order whose page it is; null is the board. */
  id: string | null
  view: (typeof ranges)[number]
  kind: CauseKind[]
  /** Outages of one device too. */
  lone: boolean
  /** Assigned to the viewer; of work orders, those that await a step of the viewer's. */
  mine: boolean
  carrier: Carrier | null
  /** Of work orders. */
  unit: string | null
  status: WorkOrder['status'] | null
  overtime: WorkOrder['overtime'] | null
}

export const noOutages: OutagesQuery = {
  id: null,
  view: 'current',
  kind: [],
  lone: true,
  mine: false,
  carrier: null,
  unit: null,
  status: null,
  overtime: null,
}

const longestUnit = 128
const idShape = /^[\w.:~-]{1,64}$/

/** Anything malformed is left out. The page of one has no filters. */
export function parseOutages(id: string, query: URLSearchParams): OutagesQuery {
  if (idShape.test(id)) return { ...noOutages, id }
  const asked = query.getAll('kind')
  return {
    id: null,
    view: ranges.find((view) => view === query.get('view')) ?? noOutages.view,
    kind: causeKinds.filter((kind) => asked.includes(kind)),
    lone: query.get('lone') !== 'no',
    mine: query.get('mine') === 'yes',
    carrier: carriers.find((carrier) => carrier === query.get('carrier')) ?? null,
    unit: query.get('unit')?.trim().slice(0, longestUnit) || null,
    status: workOrderStatuses.find((status) => status === query.get('status')) ?? null,
    overtime: overtimes.find((overtime) => overtime === query.get('overtime')) ?? null,
  }
}

/** Defaults are left out, so that one view has one address. */
export function formatOutages(outages: OutagesQuery, query: URLSearchParams): void {
  if (outages.id !== null) return
  if (outages.view !== noOutages.view) query.set('view', outages.view)
  for (const kind of outages.kind) query.append('kind', kind)
  if (!outages.lone) query.set('lone', 'no')
  if (outages.mine) query.set('mine', 'yes')
  for (const name of ['carrier', 'unit', 'status', 'overtime'] as const) {
    const value = outages[name]
    if (value) query.set(name, value)
  }
}
