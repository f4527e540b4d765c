/** Monthly scorecards and the figures stated from outside. */
import { HubError } from '@hub/contracts'
import { listStatements, putStatement } from '@hub/platform'
import { audit } from '../audit.ts'
import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'

type Scorecards = Pick<
  Handlers,
  'scorecards' | 'makeScorecards' | 'stepScorecard' | 'scorecardHistory' | 'statements' | 'putStatement'
>

export const scorecardHandlers = ({ clock, record }: Context): Scorecards => ({
  scorecards: () => ({ asOf: clock.now(), cards: [] }),
  makeScorecards: () => ({ asOf: clock.now(), cards: [] }),
  stepScorecard: ({ params }) => Promise.reject(new HubError('scorecard.unknown', { value: params.id })),
  scorecardHistory: ({ params }) => Promise.reject(new HubError('scorecard.unknown', { value: params.id })),
  statements: ({ viewer, query }) => listStatements(record.db, viewer.scope, query.month),

  putStatement: ({ viewer, body }) =>
    record.transaction(async (trx) => {
      const now = clock.now()
      const row = await putStatement(trx, viewer.scope, body, viewer.user, now)
      const subject = [body.month, body.what, body.subject.kind, body.subject.key].join(' ').trim()
      const detail = { value: body.value, source: body.source }
      await audit(trx, now, { actor: viewer.user, action: 'statement.put', subject, detail })
      return row
    }),
})
