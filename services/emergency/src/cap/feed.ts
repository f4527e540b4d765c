/** What was published, as an Atom feed (RFC 4287): the same bytes as long as nothing new was. */
import { apiBase, type Scope } from '@hub/contracts'
import { within } from '../incidents/queries.ts'
import type { Db } from '../tables.ts'
import type { CapRow } from './store.ts'
import { xmlText } from './xml.ts'

const mostEntries = 100
const feedId = 'urn:uuid:6d0c3a52-0f0e-4b7e-9a55-3b6a2f1d8c41'

export async function feedOf(db: Db, scope: Scope, name: string): Promise<string> {
  const rows = await db
    .selectFrom('cap_message')
    .selectAll()
    .where('direction', '=', 'out')
    .where('incident', 'in', (of) => of.selectFrom('incident').select('id').where(within(scope)))
    .orderBy('seq', 'desc')
    .limit(mostEntries)
    .execute()
  const updated = new Date(rows[0]?.at ?? 0).toISOString()
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>${feedId}</id>
  <title>预警发布 CAP 1.2</title>
  <updated>${updated}</updated>
  <author><name>${xmlText(name)}</name></author>
  <link rel="self" href="${apiBase}/cap/feed.atom"/>
${rows.map(entryOf).join('')}</feed>
`
}

const entryOf = ({ id, headline, msg_type: type, at, identifier }: CapRow): string => `  <entry>
    <id>urn:uuid:${id}</id>
    <title>${xmlText(headline)}</title>
    <updated>${new Date(at).toISOString()}</updated>
    <category term="${xmlText(type)}"/>
    <summary>${xmlText(identifier)}</summary>
    <link rel="alternate" type="application/cap+xml" href="${apiBase}/cap/${id}.xml"/>
  </entry>
`
