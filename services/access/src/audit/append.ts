/** Who did what to which subject: one row for each act, in the same transaction as the act where there is one. */
import type { AuditPort } from '@hub/platform'

export const audit: AuditPort = {
  async append(db, { detail = {}, ...act }) {
    await db
      .insertInto('audit')
      .values({ ...act, detail: JSON.stringify(detail) })
      .execute()
  },
  appendSync(sqlite, { at, actor, action, subject, detail = {} }) {
    sqlite
      .prepare('INSERT INTO audit (at, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)')
      .run(at, actor, action, subject, JSON.stringify(detail))
  },
}
