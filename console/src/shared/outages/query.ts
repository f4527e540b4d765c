/** What the outage board and the work-order board show, as part of their addresses. Pure. */
import {
  type Carrier,
  type CauseKind,
  carriers,
  causeKinds,
  overtimes,
  type WorkOrder,
  workOrderStatuses,
} from '@hub/contracts'
import { oneOf, type Query, someOf } from '../../router/address.ts'

export const ranges = ['current', 'closed', 'all'] as const
export type BoardQuery = {
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

export const wholeBoard: BoardQuery = {
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

/** The id of the outage or work order whose page it is; null is the board. */
export const idOf = (below: string): string | null => (idShape.test(below) ? below : null)

/** What is malformed is left out. */
export const parseBoard = (query: URLSearchParams): BoardQuery => ({
  view: oneOf(query, 'view', ranges) ?? wholeBoard.view,
  kind: someOf(query, 'kind', causeKinds),
  lone: query.get('lone') !== 'no',
  mine: query.get('mine') === 'yes',
  carrier: oneOf(query, 'carrier', carriers),
  unit: query.get('unit')?.trim().slice(0, longestUnit) || null,
  status: oneOf(query, 'status', workOrderStatuses),
  overtime: oneOf(query, 'overtime', overtimes),
})

/** Defaults are left out, so that one view has one address. */
export const formatBoard = ({ view, kind, lone, mine, carrier, unit, status, overtime }: BoardQuery): Query => ({
  view: view === wholeBoard.view ? null : view,
  kind,
  lone: lone ? null : 'no',
  mine: mine ? 'yes' : null,
  carrier,
  unit,
  status,
  overtime,
})
