/**
 * The files that speak SQL of one engine, or hold its handle, each with the reason. A second engine is a second file beside each of
 * those with a reason of their own. Nothing is added without one, and `toBeConverted` is none for a new file.
 */
const toBeConverted = 'to be converted'
const engine = 'is the adapter of the engine'
const history = 'a database of its own: the embedded history has no second engine'
const spool = 'a database of its own, at the gateway: each batch is synced before it is sent'
const commit = 'hot: each batch of observations is committed before it is acknowledged'
const rollup = 'hot: derives the days of twenty thousand devices in short transactions between those of ingest'
const exportThread =
  'on the thread of an export: one snapshot on a connection of its own, rows read as they are written'
const account = 'hot: sums a year of all devices in one statement, rows as arrays'
const correlation =
  'hot, and in step with the outages in memory: twenty thousand failures are written in short transactions between those of ingest'
const settings = 'a setting is read on the handle, as the hot paths read theirs'

export const rawSql: { readonly [file: string]: string } = {
  'gateway/src/commands/done.ts':
    'a database of its own, at the gateway: what was done is on disk before it is answered',
  'gateway/src/login/store.ts':
    'a database of its own, at the gateway: a refused login is on disk before the next is tried',
  'gateway/src/spool/database.ts': spool,
  'gateway/src/spool/spool.ts': spool,
  'gateway/src/uplink/assignment-store.ts':
    'a database of its own, at the gateway: a delta is on disk before it is confirmed',
  'services/access/src/audit/append.ts': commit,
  'services/gateways/src/pending.ts': settings,
  'services/hub/src/deps.ts': engine,
  'services/ingest/src/sealed-batches.ts': 'digests are found on the thread of long queries, which has no other way',
  'services/ingest/src/digest-packs.ts': 'hot: five thousand digests are packed on the thread of long queries',
  'services/ingest/src/directory.ts': commit,
  'services/ingest/src/handlers/observations.ts': settings,
  'services/ingest/src/interval-past.ts': commit,
  'services/ingest/src/module.ts': commit,
  'services/ingest/src/rules.ts': commit,
  'services/ingest/src/pack-queries.ts':
    'hot: a pack is made of up to a thousand batches on the thread of long queries, and searched there',
  'services/ingest/src/run-store.ts': commit,
  'services/ingest/src/store.ts': commit,
  'services/monitored/src/hub-parts.ts': toBeConverted,
  'services/monitored/src/tally.ts': toBeConverted,
  'services/notify/src/notifier.ts': settings,
  'services/notify/src/requests.ts':
    'hot: a storm of twenty thousand requests is taken between the transactions of ingest',
  'services/outages/src/follower.ts': correlation,
  'services/outages/src/module.ts': correlation,
  'services/outages/src/notifications.ts': correlation,
  'services/outages/src/store.ts': correlation,
  'services/outages/src/writer.ts': correlation,
  'services/platform/src/bus/dead-letters.ts': commit,
  'services/platform/src/bus/outbox.ts': commit,
  'services/platform/src/database/dialect.ts': engine,
  'services/platform/src/database/open.ts': engine,
  'services/platform/src/database/read-thread-worker.ts': engine,
  'services/platform/src/database/read-thread.ts': engine,
  'services/platform/src/database/settings.ts': commit,
  'services/platform/src/history/embedded.ts': history,
  'services/platform/src/history/journal/queue.ts': history,
  'services/platform/src/ports.ts': commit,
  'services/registry/src/plain-records.ts': settings,
  'services/reports/src/exports/write.ts': exportThread,
  'services/reports/src/report/intervals.ts': exportThread,
  'services/reports/src/report/progress.ts': exportThread,
  'services/uptime/src/adjustments/effect.ts': account,
  'services/uptime/src/adjustments/proposals.ts':
    'enters by the statements of its store, in the transaction that takes it',
  'services/uptime/src/adjustments/store.ts': toBeConverted,
  'services/uptime/src/adjustments/values.ts': toBeConverted,
  'services/uptime/src/answers.ts': account,
  'services/uptime/src/as-of/changes.ts': account,
  'services/uptime/src/as-of/past.ts': account,
  'services/uptime/src/assessed.ts': account,
  'services/uptime/src/buckets/pending.ts': rollup,
  'services/uptime/src/buckets/underway.ts': rollup,
  'services/uptime/src/covered.ts': account,
  'services/uptime/src/device-time.ts': account,
  'services/uptime/src/exemptions.ts': account,
  'services/uptime/src/handlers/adjustments.ts': toBeConverted,
  'services/uptime/src/handlers/intervals.ts': account,
  'services/uptime/src/marks.ts': rollup,
  'services/uptime/src/module.ts': rollup,
  'services/uptime/src/pending-changes.ts': account,
  'services/uptime/src/pending.ts': rollup,
  'services/uptime/src/queries.ts': account,
  'services/uptime/src/question.ts': account,
  'services/uptime/src/registry-figures.ts': account,
  'services/uptime/src/registry-revision.ts': settings,
  'services/uptime/src/rollup-tables.ts': account,
  'services/uptime/src/rollup/blank-days.ts': rollup,
  'services/uptime/src/rollup/days.ts': rollup,
  'services/uptime/src/rollup/rollup.ts': rollup,
  'services/uptime/src/rollup/summed.ts': account,
  'services/uptime/src/rollup/sums.ts': rollup,
  'services/uptime/src/unrolled.ts': account,
  'services/work-orders/src/notifications.ts': settings,
  'services/work-orders/src/subjects.ts': settings,
}
