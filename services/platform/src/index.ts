export { type Broker, type BrokerLimits, createBroker } from './bus/broker.ts'
export { connectBus } from './bus/mqtt-bus.ts'
export * from './bus/port.ts'
export { covers, matches } from './bus/topic-filter.ts'
export * from './clock.ts'
export { checkConfig, loadConfig } from './config.ts'
export { type Keep, keptFrom } from './history/keep.ts'
export { openHistory } from './history/open.ts'
export * from './history/port.ts'
export * from './history/steps.ts'
export { HubConfig, hubOverrides } from './hub-config.ts'
export { randomToken, sameDigest, sha256 } from './ids.ts'
export { createLog, type Log, logLevels, silentLog } from './log.ts'
export { createManualClock, type ManualClock } from './manual-clock.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export { type Deps, type Module, type Running, runModules, stopOnSignals } from './module.ts'
export { periodic } from './periodic.ts'
export { decideAdjustment, findAdjustment, insertAdjustment, listAdjustments } from './record/adjustments.ts'
export { type Approved, approve } from './record/approval.ts'
export { type AuditAnchor, linkAudit, listAudit, verifyAudit } from './record/audit.ts'
export { listDeviceEvents, putDeviceEvents } from './record/device-events.ts'
export { type Discovered, isWaiting, listDiscovered, listPlanned, putFound, reject } from './record/discovered.ts'
export {
  type ClaimedExport,
  cancelExport,
  claimExport,
  endExport,
  exportPath,
  exportStatus,
  findExport,
  idsOfExportFiles,
  insertExport,
  listExports,
  putExportProgress,
  restartExports,
  sweepExports,
} from './record/exports.ts'
export { bumpAssignment, districtsOf, putGatewayStatus, putGateways, readAssignment } from './record/gateways.ts'
export { addStated, computeKpis, gatherKpis } from './record/kpi-figures.ts'
export { lifePolicyOf } from './record/life-policy.ts'
export {
  countNotices,
  enqueueNotices,
  findTold,
  foldNotices,
  holdNotice,
  lastDigest,
  lastQueued,
  listEnded,
  listTellable,
  listTold,
  markFailed,
  markSent,
  type NewNotice,
  nextNotice,
  putLastDigest,
  type QueuedNotice,
  sentSince,
  type TellableOutage,
  type Told,
  type ToldOutage,
  trimNotices,
  untriedNotices,
} from './record/notices.ts'
export { readEvidence, readObservations } from './record/observations.ts'
export { openRecord, type RecordStore } from './record/open.ts'
export { listOutages } from './record/outage-board.ts'
export { findOutage } from './record/outage-detail.ts'
export { outageLives, stepOutage, takeOwnStep } from './record/outage-steps.ts'
export {
  loadOutages,
  mendMembers,
  type OutageState,
  type OutageWriter,
  outageWriter,
  type StoredEpisode,
} from './record/outages.ts'
export { listPlatforms } from './record/platforms.ts'
export type { Reader, ReadSource } from './record/reader.ts'
export { repairRulesOf } from './record/repair-policy.ts'
export { listRepairUnits } from './record/repair-units.ts'
export { registryRevision } from './record/revision.ts'
export type * from './record/schema.ts'
export { gatherScores } from './record/score-figures.ts'
export {
  findScorecard,
  listScorecards,
  putScorecards,
  type ScorecardDraft,
  scorecardHistory,
  stepScorecard,
} from './record/scorecards.ts'
export { issueSensorPasswords } from './record/sensor-credentials.ts'
export { listStatements, putStatement } from './record/statements.ts'
export {
  importTopology,
  listTopology,
  type TopologyNeed,
  type TopologyRow,
  topologyColumns,
  topologyRowOf,
} from './record/topology.ts'
export { issueWorkOrder } from './record/work-order-issue.ts'
export { stepWorkOrder, tendWorkOrders } from './record/work-order-steps.ts'
export { listWarnings, putWarned, type Warned } from './record/work-order-warnings.ts'
export {
  everyOrder,
  findWorkOrder,
  listWorkOrders,
  type OrderViewer,
  workOrderPages,
} from './record/work-orders.ts'
export { createSystemClock, type SystemClock } from './system-clock.ts'
export { accountDevices, type DeviceAccounts } from './uptime/account-device.ts'
export { type AdjustmentIndex, createAdjustmentIndex } from './uptime/adjustment-index.ts'
export { cutAt, dayNumber, monthOfDay, startOfDay } from './uptime/calendar.ts'
export { listCovered } from './uptime/covered.ts'
export { type Dirty, dirtyQueue, markAdjusted } from './uptime/dirty.ts'
export { restatedMarker, rollupMarks } from './uptime/marks.ts'
export { openUptime } from './uptime/open.ts'
export type * from './uptime/port.ts'
