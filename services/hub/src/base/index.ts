/** What was released before rooms owned their tables, and the step that divided it. Frozen: a change is a new migration of its room. */
import { first } from './0001-first.ts'
import { rolloutAndEvents } from './0002-rollout-and-events.ts'
import { uptimeRecord } from './0003-uptime-record.ts'
import { auditChain } from './0004-audit-chain.ts'
import { scorecardLock } from './0005-scorecard-lock.ts'
import { uptimeKeptRight } from './0006-uptime-kept-right.ts'
import { outages } from './0007-outages.ts'
import { uptimeByDistrict } from './0008-uptime-by-district.ts'
import { uptimeMonths } from './0009-uptime-months.ts'
import { notices } from './0010-notices.ts'
import { marredDays } from './0011-marred-days.ts'
import { units } from './0012-units.ts'
import { deviceRevisions } from './0013-device-revisions.ts'
import { rooms } from './0014-rooms.ts'

export const base = [
  { name: '0001-first', sql: first },
  { name: '0002-rollout-and-events', sql: rolloutAndEvents },
  { name: '0003-uptime-record', sql: uptimeRecord },
  { name: '0004-audit-chain', sql: auditChain },
  { name: '0005-scorecard-lock', sql: scorecardLock },
  { name: '0006-uptime-kept-right', sql: uptimeKeptRight },
  { name: '0007-outages', sql: outages },
  { name: '0008-uptime-by-district', sql: uptimeByDistrict },
  { name: '0009-uptime-months', sql: uptimeMonths },
  { name: '0010-notices', sql: notices },
  { name: '0011-marred-days', sql: marredDays },
  { name: '0012-units', sql: units },
  { name: '0013-device-revisions', sql: deviceRevisions },
  { name: '0014-rooms', sql: rooms },
] as const
