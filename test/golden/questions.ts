/** What is asked of the hub on the golden folder. Where a route or a field of its answer is called otherwise, its line here says so. */

import { provenances } from '@hub/contracts'

type Ids = { readonly [name: string]: string }
export type Question = {
  /** Under which the answer is kept. */
  name: string
  /** Who asks; `duty`, who sees the whole city, when absent. */
  user?: string
  /** Below `/api/v1`. With a body it is a POST. */
  route: string
  body?: object
  /** Makes of today's answer the one that was kept. */
  map?(answer: unknown): unknown
  /** Makes of the kept answer what of it is still told. */
  still?(answer: unknown): unknown
}

const without =
  (...fields: readonly string[]) =>
  (answer: unknown): unknown =>
    JSON.parse(JSON.stringify(answer, (field, value) => (fields.includes(field) ? undefined : value)))

/** Whoever sees a part is told the figures of that part: they were the city's. */
const withoutTotals = without('evidence', 'changes', 'hidden')
/** How many are hidden was said; now only whether any is. */
const withHidden = (answer: unknown) => {
  const { hidden, ...outage } = answer as { hidden: boolean }
  return { ...outage, hidden: Number(hidden) }
}

const at = (text: string) => Date.parse(`${text}+08:00`)
const period = (from: string, to: string) => `from=${at(from)}&to=${at(to)}`
const october = period('2026-10-01T00:00:00', '2026-11-01T00:00:00')
/** Cut inside seconds. */
const odd = period('2026-11-12T07:13:29.250', '2026-11-20T14:05:51.777')
/** The end lies after now. */
const today = period('2026-11-20T00:00:00', '2026-11-21T00:00:00')
const minutes = period('2026-11-19T15:03:07.013', '2026-11-19T15:21:13.999')
const fortnight = period('2026-11-06T00:00:00', '2026-11-20T00:00:00')

type Line = { at: number; action: string }
/** Without what asking itself has written: logins, and the download of a file. */
const withoutAsking = (now: number) => (answer: unknown) => {
  const page = answer as { lines: Line[] }
  const asking = ['session.open', 'export.download']
  return { ...page, lines: page.lines.filter((line) => line.at < now || !asking.includes(line.action)) }
}

/** Notifications were called notices. */
const withNotices = (answer: unknown) => {
  const { notifications: notices, ...report } = answer as { notifications: unknown }
  return { ...report, notices }
}

/** What stands beside cards: what has changed since a lock, and when one may be. */
const withoutChanged = (answer: unknown) => {
  const { changed: _, lock: __, ...rest } = answer as { [field: string]: unknown }
  return rest
}

/** Marks of a series that it had not: what is a part, what is computed again, from when on it is kept. */
const withoutMarks = (answer: unknown) => {
  const { keptFrom: _, points, ...series } = answer as { keptFrom: unknown; points: { [field: string]: unknown }[] }
  return { ...series, points: points.map(({ partial, recomputing, ...point }) => point) }
}

/** The snapshot of nothing but unknown was 0, and its rule said nothing of it. */
const withZero = (answer: unknown) =>
  JSON.parse(JSON.stringify(answer), (_, value) => {
    if (typeof value === 'string')
      return value
        .replace(/[；，]全部未知时没有数值/, '')
        .replace(/; when all are unknown there is no figure|, and when all are unknown there is no rate/, '')
    if (value?.rate === null && value.due > value.exempt) return { ...value, rate: 0 }
    return value?.kpi === 'online-snapshot' && value.value === null && value.denominator > 0
      ? { ...value, value: 0 }
      : value
  })

/** Codes that Excel would spoil have a TAB before them now; the record says in which system its positions are. */
const withoutTabs = (answer: unknown) => (answer as string).replaceAll('\t', '')
const withoutSystem = (answer: unknown) => withoutTabs(answer).replace(/,(CoordinateSystem|WGS-84)?(?=\r\n)/g, '')
/** How wide and how far a camera sees was not on record then. No cell of the golden record has a comma. */
const withoutViews = (answer: unknown) => {
  const lines = withoutSystem(answer).split('\r\n')
  const columns = lines[0]!.split(',')
  const gone = ['HorizontalFieldAngle', 'MaxViewDistance'].map((column) => columns.indexOf(column))
  return lines
    .map((line) =>
      line
        .split(',')
        .filter((_, n) => !gone.includes(n))
        .join(','),
    )
    .join('\r\n')
}
/** What was locked before there were seals has none, and says so: nothing else may be wrong with it. */
const withoutSeals = (answer: unknown) => {
  const { seals, ...history } = answer as { seals: { faults: string[] }[] }
  return { ...history, whole: seals.every(({ faults }) => faults.join() === 'no-seal') }
}

/** Gateways of before told no keys. */
const withoutKeys = (answer: unknown) =>
  (answer as { keys: unknown[] }[]).map(({ keys, ...row }) => (keys.length === 0 ? row : { keys, ...row }))

/** An order is said by its cause, and how long a repair must hold is told. */
const orderNow = without('subject', 'provenMs')
const orderThen = without('title')
/** Of the file: the source of the limits was Chinese for every reader. */
const withSources = (answer: string) => answer.replaceAll(provenances.repair.zh, `"${provenances.repair.en}"`)

/** The same of the file, where the subject is the sixth column. */
const withoutSubject = (answer: unknown) =>
  String(answer).replace(/^((?:[^,\n]*,){5})(?:"(?:[^"]|"")*"|[^,\n]*)/gm, '$1')
/** Statuses are called in it as on the pages. */
const withStatuses = (answer: unknown) =>
  withoutSubject(answer).replace(/^((?:[^,\n]*,){2})(received|done|verified),/gm, (_, before, status) => {
    const called: { [status: string]: string } = {
      received: 'in repair',
      done: 'to be verified',
      verified: 'to be closed',
    }
    return `${before}${called[status]},`
  })
/** When an outage closes by itself, what becomes of its orders then, and what people said of it. */
const withoutClosing = without('closesAt', 'ordersAtClose', 'orders', 'countsFrom', 'held', 'judgements')
/** Since when it counts for telling: from its onset, when nothing was said of it. */
const withoutCounts = without('countsFrom', 'held')

export const questions = (now: number, ids: Ids): Question[] => [
  { name: 'uptime of October by district', route: `/uptime?${october}&by=district` },
  { name: 'uptime of October by zone, project and class', route: `/uptime?${october}&by=zone&by=project&by=pointType` },
  { name: 'uptime of October by device', route: `/uptime?${october}&by=device` },
  { name: 'uptime of an odd stretch', route: `/uptime?${odd}` },
  { name: 'uptime of an odd stretch by district', route: `/uptime?${odd}&by=district` },
  {
    name: 'uptime of an odd stretch by district, of two districts',
    user: 'zhuhui',
    route: `/uptime?${odd}&by=district`,
  },
  { name: 'uptime of an odd stretch by carrier', route: `/uptime?${odd}&by=carrier` },
  { name: 'uptime of an odd stretch by device', route: `/uptime?${odd}&by=device` },
  { name: 'uptime of today by application and carrier', route: `/uptime?${today}&by=application&by=carrier` },
  { name: 'uptime of today by device, filtered', route: `/uptime?${today}&by=device&district=430405&carrier=telecom` },
  { name: 'uptime of minutes by device', route: `/uptime?${minutes}&by=device` },
  {
    name: 'series of months',
    route: `/uptime/series?${period('2026-09-01T00:00:00', '2026-12-01T00:00:00')}&step=month`,
    map: withoutMarks,
  },
  { name: 'series of days of October', route: `/uptime/series?${october}&step=day`, map: withoutMarks },
  { name: 'series of days', route: `/uptime/series?${fortnight}&step=day`, map: withoutMarks },
  { name: 'series of days of a carrier', route: `/uptime/series?${odd}&step=day&carrier=telecom`, map: withoutMarks },
  {
    name: 'series of hours',
    route: `/uptime/series?${period('2026-11-19T12:00:00', '2026-11-20T15:00:00')}&step=hour`,
    map: withoutMarks,
  },
  {
    name: 'series of hours of a district',
    route: `/uptime/series?${period('2026-11-17T00:00:00', '2026-11-18T12:00:00')}&step=hour&district=430422`,
    map: withoutMarks,
  },
  { name: 'figures of October', route: `/kpis?${october}`, map: withZero },
  { name: 'figures of an odd stretch', route: `/kpis?${odd}`, map: withZero },
  { name: 'figures of a district', route: `/kpis?${fortnight}&district=430405`, map: withZero },
  { name: 'figures of a carrier', route: `/kpis?${today}&carrier=telecom`, map: withZero },
  { name: 'monitored systems', route: `/platforms?${odd}` },

  { name: 'adjustments', route: '/adjustments' },
  { name: 'adjustments that wait', route: '/adjustments?status=requested' },
  { name: 'adjustments, of two districts', user: 'zhuhui', route: '/adjustments' },
  { name: 'effect of an exemption', route: `/adjustments/${ids.adjustment}/effect` },
  { name: 'effect of a correction', route: `/adjustments/${ids.correction}/effect` },
  { name: 'effect of one that is not rolled up', route: `/adjustments/${ids.late}/effect` },
  {
    name: 'preview of an exemption',
    route: '/adjustments/preview',
    body: {
      kind: 'exemption',
      countAs: 'exempt',
      scope: { by: 'district', values: ['430422', '430481'] },
      from: at('2026-11-17T03:00:00'),
      to: at('2026-11-18T20:00:01'),
      reason: '预览',
      applicant: '预览',
    },
  },

  { name: 'progress by district', route: '/progress?by=district' },
  { name: 'progress by carrier', route: '/progress?by=carrier' },
  { name: 'progress by project', route: '/progress?by=project' },
  { name: 'scorecards of carriers', route: '/scorecards?month=2026-10&kind=carrier', map: withoutChanged },
  { name: 'scorecards of districts', route: '/scorecards?month=2026-10&kind=district', map: withoutChanged },
  {
    name: 'versions of a scorecard',
    route: `/scorecards/${ids.card}/versions`,
    map: (answer) => withoutSeals(withoutChanged(answer)),
  },
  { name: 'stated figures', route: '/statements?month=2026-10' },
  { name: 'exports', route: '/exports' },
  { name: 'exports of another', user: 'chief', route: '/exports' },

  { name: 'overview', route: '/overview', map: withZero },
  { name: 'overview of a district', route: '/overview?district=430405', map: withZero },
  { name: 'districts', route: '/districts', map: withZero },
  { name: 'devices', route: '/devices' },
  { name: 'devices that are down', route: '/devices?state=down&state=unknown' },
  { name: 'devices, of two districts', user: 'zhuhui', route: '/devices?kind=camera&limit=3' },
  { name: 'a camera', route: `/devices/${ids.camera}` },
  { name: 'a camera that is down', route: `/devices/${ids.down}` },
  { name: 'a camera whose carrier changed', route: `/devices/${ids.moved}` },
  { name: 'a camera that noticed something', route: `/devices/${ids.noticed}` },
  { name: 'a sensor', route: `/devices/${ids.sensor}` },
  { name: 'intervals of a camera', route: `/devices/${ids.camera}/intervals?${odd}` },
  { name: 'intervals of a corrected camera', route: `/devices/${ids.other}/intervals?${october}` },
  { name: 'intervals of a sensor', route: `/devices/${ids.sensor}/intervals` },
  { name: 'events of a camera', route: `/devices/${ids.noticed}/events` },
  {
    name: 'observations of a camera',
    route: `/devices/${ids.camera}/observations?${today}&limit=40`,
    // Raw observations are kept longer, and what was refused is told.
    map: without('keptFrom', 'refused', 'batches', 'keys'),
    still: without('keptFrom'),
  },
  { name: 'telemetry of a sensor', route: `/devices/${ids.sensor}/telemetry?limit=20` },
  { name: 'the camera record as CSV', route: '/registry.csv', map: withoutViews },
  { name: 'topology as CSV', route: '/topology.csv', map: withoutTabs },

  { name: 'gateways', route: '/gateways', map: withoutKeys },
  { name: 'discovered', route: '/discovered' },
  { name: 'rollout: missing', route: '/rollout?list=missing' },
  { name: 'rollout: unplanned', route: '/rollout?list=unplanned' },
  { name: 'rollout: matched', route: '/rollout?list=matched' },
  { name: 'rollout as CSV', route: '/rollout.csv?list=missing', map: withoutTabs },

  { name: 'outages', route: '/outages', map: withoutCounts },
  { name: 'outages, closed', route: '/outages?view=closed', map: withoutCounts },
  {
    name: 'outages, of two districts',
    user: 'zhuhui',
    route: '/outages?view=all',
    map: (answer) => withoutTotals(withoutCounts(answer)),
    still: withoutTotals,
  },
  { name: 'an outage', route: `/outages/${ids.outage}`, map: (answer) => withHidden(withoutClosing(answer)) },
  {
    name: 'an outage of a gateway',
    route: `/outages/${ids.gatewayOutage}`,
    map: (answer) => withHidden(withoutClosing(answer)),
  },
  {
    name: 'an outage that was split',
    route: `/outages/${ids.split}`,
    map: (answer) => withHidden(withoutClosing(answer)),
  },
  {
    name: 'an outage of a gateway, of two districts',
    user: 'zhuhui',
    route: `/outages/${ids.gatewayOutage}`,
    map: (answer) => withoutTotals(withoutClosing(answer)),
    still: withoutTotals,
  },
  { name: 'work orders', route: '/work-orders', map: orderNow, still: orderThen },
  { name: 'work orders, closed', route: '/work-orders?view=closed', map: orderNow, still: orderThen },
  { name: 'work orders of a unit', user: 'telecom', route: '/work-orders?view=all', map: orderNow, still: orderThen },
  { name: 'a work order', route: `/work-orders/${ids.workOrder}`, map: orderNow, still: orderThen },
  { name: 'a disputed work order', route: `/work-orders/${ids.disputed}`, map: orderNow, still: orderThen },
  {
    name: 'work orders as CSV',
    route: '/work-orders.csv?view=all',
    map: (answer) => withoutSubject(withoutTabs(answer)),
    still: (answer) => withSources(withStatuses(answer)),
  },
  { name: 'repair units', route: `/repair-units?outage=${ids.split}`, map: without('suggested') },
  { name: 'channels and notices', route: '/channels', map: withNotices },

  { name: 'session', user: 'telecom', route: '/session', map: without('mustChangePassword') },
  { name: 'users', user: 'keeper', route: '/users', map: without('disabled', 'mustChangePassword', 'lockedUntil') },
  { name: 'audit', user: 'auditor', route: '/audit?limit=1000', map: withoutAsking(now) },
  { name: 'audit of one person', user: 'auditor', route: '/audit?actor=chief&limit=1000', map: withoutAsking(now) },
  { name: 'file of an export', route: `/exports/${ids.export}/file` },
]
