/** What the incidents of a month come to, by district and source. */
import {
  type DistrictCode,
  type IncidentFigures,
  type IncidentRow,
  type IncidentSource,
  type IncidentStatistics,
  limitedSteps,
  type StepTime,
} from '@hub/contracts'

export type CountedIncident = Pick<IncidentRow, 'drill' | 'level' | 'status' | 'district'> & {
  source: IncidentSource
  times: readonly StepTime[]
}
type Statistics = Pick<IncidentStatistics, 'total' | 'districts' | 'sources' | 'cells' | 'drills'>

/** Drills are apart: they are in no figure but their own. */
export function incidentStatistics(all: readonly CountedIncident[]): Statistics {
  const real = all.filter(({ drill }) => !drill)
  const cells = [...Map.groupBy(real, ({ district, source }) => `${district} ${source}`).values()].map((of) => ({
    district: of[0]!.district,
    source: of[0]!.source,
    incidents: of.length,
  }))
  const by = <K extends string>(keyOf: (one: CountedIncident) => K) =>
    [...Map.groupBy(real, keyOf)]
      .map(([key, of]) => ({ key, figures: figuresOf(of) }))
      .sort((a, b) => b.figures.incidents - a.figures.incidents || (a.key < b.key ? -1 : 1))
  return {
    total: figuresOf(real),
    districts: by<DistrictCode>(({ district }) => district).map(({ key, figures }) => ({ ...figures, district: key })),
    sources: by<IncidentSource>(({ source }) => source).map(({ key, figures }) => ({ ...figures, source: key })),
    cells: cells.sort((a, b) => (a.district + a.source < b.district + b.source ? -1 : 1)),
    drills: figuresOf(all.filter(({ drill }) => drill)),
  }
}

function figuresOf(incidents: readonly CountedIncident[]): IncidentFigures {
  const count = (which: (one: CountedIncident) => boolean) => incidents.filter(which).length
  const times = Map.groupBy(
    incidents.flatMap((one) => one.times),
    ({ step }) => step,
  )
  const steps = limitedSteps.flatMap((step) => {
    const of = times.get(step) ?? []
    const took = of.flatMap(({ at, from }) => (at === null ? [] : [at - from])).sort((a, b) => a - b)
    const late = of.filter(({ lateMs }) => lateMs > 0).length
    if (took.length === 0 && late === 0) return []
    return [{ step, taken: took.length, late, medianMs: rankOf(took, 0.5), p90Ms: rankOf(took, 0.9) }]
  })
  return {
    incidents: incidents.length,
    levels: ([1, 2, 3, 4] as const).map((level) => ({ level, incidents: count((one) => one.level === level) })),
    ungraded: count(({ level }) => level === null),
    dismissed: count(({ status }) => status === 'dismissed'),
    merged: count(({ status }) => status === 'merged'),
    late: steps.reduce((sum, { late }) => sum + late, 0),
    steps,
  }
}

/** Nearest rank: a time that was really taken, and none in between. @param sorted ascending */
const rankOf = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
