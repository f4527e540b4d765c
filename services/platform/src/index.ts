// The bus
export { type Broker, type BrokerLimits, createBroker } from './bus/broker.ts'
export { ChangedIds, inLists } from './bus/changed-ids.ts'
export { deadLetterWriter, listDeadLetters, putDeadLetter } from './bus/dead-letters.ts'
export { createMessageBus, type MessageBus, type Unsubscribe } from './bus/message-bus.ts'
export { connectBus } from './bus/mqtt-bus.ts'
export { type Consumer, type Delivered, type Outbox, type Outgoing, openOutbox } from './bus/outbox.ts'
export type { Bus, Message } from './bus/port.ts'
export { createPublishChange, namedMost, type PublishChange, unionOf } from './bus/publish-change.ts'
export { receive } from './bus/receive.ts'
export { type Commands, createCommands } from './bus/request.ts'

// Clock, configuration and small tools
export { type Cache, createCache } from './cache.ts'
export type { Clock } from './clock.ts'
export { checkConfig, loadConfig } from './config.ts'
export { type ConfigOf, type ConfigPart, composeConfig, configPart } from './config-parts.ts'

// CSV

// The Record
export { isDiskRefusal, keepPrivate } from './database/disk.ts'
export type { Migration, RecordSchema, RoomSchema, View } from './database/migrate.ts'
export { openRecord, type RecordStore, tablesIn, tablesOf } from './database/open.ts'
export { openReadThread, type Reader, type ReadSource } from './database/read-thread.ts'
export { copySettings, type Settings, settingsOf } from './database/settings.ts'
export type { PlatformTables } from './database/tables.ts'

// The history
export { type Keep, keptFrom } from './history/keep.ts'
export { openHistory } from './history/open.ts'
export type {
  History,
  ProbeBucket,
  Series,
  TelemetryPoint,
  TrendGroup,
  TrendRow,
  UptimeBucket,
} from './history/port.ts'
export { bucketMs, bucketStart, coarsest, type ProbeStep, type Step, stepMs } from './history/steps.ts'

// What handlers are given and answer
export {
  type Call,
  Download,
  type Handler,
  type Handlers,
  type JsonParts,
  type Language,
  type OwnRoute,
  SessionChange,
  uploadLimit,
  type Viewer,
} from './http/call.ts'
export { isLong, piece, piecesOf } from './http/json-pieces.ts'
export { parseRequest } from './http/parse.ts'

// Log, metrics, modules and the ports of rooms
export { randomToken, sameDigest, sha256 } from './ids.ts'
export { createLog, type Log, logLevels, silentLog } from './log.ts'
export { createManualClock, type ManualClock } from './manual-clock.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export {
  type Deps,
  type HealthNote,
  type Module,
  type RouteDeps,
  type Routes,
  type Running,
  runModules,
  stopOnSignals,
} from './module.ts'
export { periodic } from './periodic.ts'
export { hubOverrides, type PlatformConfig, platformConfig } from './platform-config.ts'
export type {
  ApprovedAdjustment,
  Audience,
  AuditLine,
  AuditPort,
  Exemptions,
  Listeners,
  LiveStream,
  Login,
  MarkRestated,
  Paper,
  Print,
  RegistryCounts,
  Sessions,
  Uptime,
  UptimeSelection,
} from './ports.ts'
export { createSystemClock, type SystemClock } from './system-clock.ts'
export { createPacer, yieldToEventLoop } from './yield.ts'
