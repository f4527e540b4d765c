/** Monthly scorecards and the figures stated from outside. */
import { HubError } from '@hub/contracts'
import { audit } from '../audit.ts'
import type { Handlers } from '../http/call.ts'
import { listStatements, putStatement } from '../store/statements.ts'
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

  async putStatement({ viewer, body }) {
    const row = { ...body, enteredBy: viewer.user, enteredAt: clock.now() }
    await record.transaction(async (trx) => {
      await putStatement(trx, viewer.scope, row)
      const subject = `${body.month} ${body.what} ${body.subject.kind} ${body.subject.key}`.trim()
      const detail = { value: body.value, source: body.source }
      await audit(trx, row.enteredAt, { actor: viewer.user, action: 'statement.put', subject, detail })
    })
    return row
  },
})
