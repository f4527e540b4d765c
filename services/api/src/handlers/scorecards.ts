/** Monthly scorecards and the figures stated from outside. */
import { HubError } from '@hub/contracts'
import { dayOf, dayStart } from '@hub/core'
import {
  gatherScores,
  listScorecards,
  listStatements,
  putScorecards,
  putStatement,
  scorecardHistory,
  stepScorecard,
} from '@hub/platform'
import { audit } from '../audit.ts'
import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'

type Scorecards = Pick<
  Handlers,
  'scorecards' | 'makeScorecards' | 'stepScorecard' | 'scorecardHistory' | 'statements' | 'putStatement'
>

export function scorecardHandlers(context: Context): Scorecards {
  const { clock, record } = context
  return {
    async scorecards({ viewer, query: { month = lastWholeMonth(clock.now()), kind } }) {
      return { asOf: clock.now(), cards: await listScorecards(record.db, viewer.scope, { month, kind }) }
    },

    async makeScorecards({ viewer, body: { month, kind, reason } }) {
      const drafts = await gatherScores(context, month, kind, viewer.scope)
      const by = { actor: viewer.user, now: clock.now(), reason }
      await record.transaction((trx) => putScorecards(trx, drafts, by))
      return { asOf: by.now, cards: await listScorecards(record.db, viewer.scope, { month, kind }) }
    },

    async stepScorecard({ viewer, params: { id }, body: { step } }) {
      const { user, role, permissions, scope } = viewer
      if (step === 'lock' && !permissions.includes('approve'))
        throw new HubError('permission.denied', { value: role, limit: 'approve' })
      const by = { actor: user, now: clock.now() }
      return record.transaction((trx) => stepScorecard(trx, scope, id, step, by))
    },

    scorecardHistory: ({ viewer, params }) => scorecardHistory(record.db, viewer.scope, params.id),

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
  }
}

/** `YYYY-MM` of the month before the running one, in the city's time. */
function lastWholeMonth(now: number): string {
  const firstDay = dayStart(now) - (Number(dayOf(now).slice(8)) - 1) * 86_400_000
  return dayOf(firstDay - 1).slice(0, 7)
}
