/**
 * Reports of other control rooms. A report is taken once for each of its references, and its receipt is the same however often it is sent;
 * a message, which is a report with its signature, is taken once at all.
 */
import { HubError, type IntakeReceipt, IntakeReport, limitText } from '@hub/contracts'
import { type Handlers, type Language, parseRequest, type RouteDeps, tablesOf } from '@hub/platform'
import type { EmergencyConfig } from '../config.ts'
import { openIncident } from '../incidents/open.ts'
import { placeOf } from '../incidents/place.ts'
import type { Db, EmergencyDb } from '../tables.ts'
import { freshMs, requireSender, requireSignature, type Signed } from './signature.ts'

const bytesLimit = 65_536

export function intakeHandlers(deps: RouteDeps<EmergencyConfig>): Pick<Handlers, 'intake'> {
  const { clock, config, log, publishChange } = deps
  const record = tablesOf<EmergencyDb>(deps.record)

  return {
    async intake({ params: { source }, query, language, upload }) {
      const now = clock.now()
      const sender = requireSender(config.emergency.senders, source, query, now)
      const bytes = await upload(bytesLimit)
      try {
        requireSignature(sender, query, bytes)
      } catch (err) {
        log.warn({ sender: sender.id, source }, 'a report with a wrong signature was refused')
        throw err
      }
      const report = reportOf(bytes, language)
      const { reference, device = null } = report
      const occurredAt = Math.min(report.occurredAt ?? query.at, now)
      const place = await placeOf(record.db, sender.districts ?? 'city', report)
      const origin = { source, reference, device, rule: null }
      const { receipt, opened } = await record.transaction(async (trx) => {
        await requireNew(trx, query, now)
        const input = { ...report, ...place, origin, occurredAt, reportedAt: Math.min(query.at, now), join: null }
        const { id, opened } = await openIncident(deps, trx, input, `intake:${sender.id}`)
        return { receipt: await receiptOf(trx, source, reference), opened: opened ? id : null }
      })
      if (opened !== null) publishChange({ what: 'incidents', id: opened, districts: [place.district] })
      return receipt
    },
  }
}

function reportOf(bytes: Buffer, language: Language): IntakeReport {
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new HubError('request.not-json', { limit: limitText('wrong-syntax') })
  }
  return parseRequest(IntakeReport, parsed, language) as IntakeReport
}

/** Run it in the transaction that takes it. What is too old to be fresh is forgotten. @throws HubError `intake.replayed` */
async function requireNew(trx: Db, { sender, signature, at }: Signed, now: number): Promise<void> {
  await trx
    .deleteFrom('intake_message')
    .where('signed_at', '<', now - freshMs)
    .execute()
  const written = await trx
    .insertInto('intake_message')
    .values({ sender, signature, signed_at: at })
    .onConflict((on) => on.doNothing())
    .returning('sender')
    .executeTakeFirst()
  if (!written) throw new HubError('intake.replayed', { value: sender })
}

async function receiptOf(trx: Db, source: IntakeReceipt['source'], reference: string): Promise<IntakeReceipt> {
  const { number, at } = await trx
    .selectFrom('incident_report as r')
    .innerJoin('incident as i', 'i.id', 'r.incident')
    .select(['i.number', 'r.at'])
    .where('r.source', '=', source)
    .where('r.reference', '=', reference)
    .executeTakeFirstOrThrow()
  return { source, reference, number, receivedAt: at }
}
