/** Overview: the city as it is now, for the overview page and the live stream. It lives where the API is served. */
import { type Module, tablesOf } from '@hub/platform'
import type { OverviewData } from './data.ts'
import { createExemptMarker } from './exempt.ts'
import { createFeed } from './feed.ts'
import { createFigures } from './figures.ts'
import { createFollower } from './follower.ts'
import { overviewHandlers } from './handlers.ts'
import { createRateGauges } from './metrics.ts'
import { createLiveModel } from './model.ts'

export const overviewModule: Module = {
  name: 'overview',
  routes(deps) {
    const record = tablesOf<OverviewData>(deps.record)
    const model = createLiveModel()
    const feed = createFeed()
    const figures = createFigures(deps)
    const markExempt = createExemptMarker({ ...deps, model })
    const measure = createRateGauges(deps.metrics, model)
    const follower = createFollower({ ...deps, record }, { model, feed, figures, markExempt, measure })
    return { handlers: overviewHandlers({ ...deps, record, model, feed, figures }), ...follower }
  },
}
