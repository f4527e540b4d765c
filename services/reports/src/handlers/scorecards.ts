/** Monthly scorecards and the figures stated from outside. */

import { open } from 'node:fs/promises'
import { HubError, type Scope, type Scorecard, type ScorecardList } from '@hub/contracts'
import { Download, type Handlers } from '@hub/platform'
import type { ReportsDeps } from '../deps.ts'
import { lastMonth } from '../last-month.ts'
import { scorecardsAsOf } from '../scorecards/as-of.ts'
import { draftScores } from '../scorecards/draft.ts'
import { changedCards, lockOfCard, readinessOf, requireReady } from '../scorecards/lockable.ts'
import { listStatements, putStatement } from '../scorecards/statements.ts'
import { findScorecard, listScorecards, putScorecards, scorecardHistory, stepScorecard } from '../scorecards/store.ts'
import type { Sealing } from '../seal/lock.ts'

type Scorecards = Pick<
  Handlers,
  | 'scorecards'
  | 'makeScorecards'
  | 'stepScorecard'
  | 'scorecardHistory'
  | 'scorecardPack'
  | 'statements'
  | 'putStatement'
>

export function scorecardHandlers(deps: ReportsDeps, sealing: Sealing): Scorecards {
  const { audit, clock, record } = deps
  const answer = async (scope: Scope, filter: Parameters<typeof listScorecards>[2]): Promise<ScorecardList> => {
    const cards = await listScorecards(record.db, scope, filter)
    return { asOf: clock.now(), cards, changed: await changedCards(deps, scope, cards) }
  }
  return {
    async scorecards({ viewer, query: { month = lastMonth(clock.now()), kind, asOf } }) {
      if (asOf !== undefined) return scorecardsAsOf(record.db, viewer.scope, { month, kind, asOf })
      return answer(viewer.scope, { month, kind })
    },

    async makeScorecards({ viewer, body: { month, kind, reason } }) {
      const drafts = await draftScores(deps, month, kind, viewer.scope)
      const by = { audit, actor: viewer.user, now: clock.now(), reason }
      await record.transaction((trx) => putScorecards(trx, drafts, by))
      return answer(viewer.scope, { month, kind })
    },

    async stepScorecard({ viewer, params: { id }, body }) {
      const { step } = body
      const { user, role, permissions, scope } = viewer
      if (step === 'lock' && !permissions.includes('approve'))
        throw new HubError('permission.denied', { value: role, limit: 'approve' })
      const readiness = await readinessOf(deps, scope, await findScorecard(record.db, scope, id), body)
      const by = { audit, actor: user, now: clock.now() }
      const conditions = {
        ready: (card: Scorecard) => requireReady(card, step, readiness, by.now),
        unaccounted: readiness.lock.unaccounted,
      }
      if (step === 'lock') return sealing.lock(scope, id, by, conditions)
      return record.transaction((trx) => stepScorecard(trx, scope, id, step, by, conditions))
    },

    async scorecardHistory({ viewer: { scope }, params }) {
      const history = await scorecardHistory(record.db, scope, params.id, sealing.check)
      const latest = history.versions.slice(0, 1)
      const changed = await changedCards(deps, scope, latest)
      return { ...history, changed, lock: await lockOfCard(deps, latest[0]!) }
    },

    async scorecardPack({ viewer, params: { id } }) {
      const card = await findScorecard(record.db, viewer.scope, id)
      const { path, fingerprint } = await sealing.pack(card)
      const file = await open(path)
      const { size } = await file.stat()
      const detail = { fingerprint }
      await audit.append(record.db, {
        at: clock.now(),
        actor: viewer.user,
        action: 'scorecard.pack',
        subject: id,
        detail,
      })
      const { month, subject, version } = card
      const ascii = `scorecard-${month}-${subject.key}-v${version}.zip`
      return new Download('application/zip', { full: ascii, ascii }, file.createReadStream(), size)
    },

    statements: ({ viewer, query }) => listStatements(record.db, viewer.scope, query.month),

    putStatement: ({ viewer, body }) =>
      record.transaction(async (trx) => {
        const now = clock.now()
        const row = await putStatement(trx, viewer.scope, body, viewer.user, now)
        const subject = [body.month, body.what, body.subject.kind, body.subject.key].join(' ').trim()
        const detail = { value: body.value, source: body.source }
        await audit.append(trx, { at: now, actor: viewer.user, action: 'statement.put', subject, detail })
        return row
      }),
  }
}
