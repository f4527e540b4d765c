/** What people ask of the whole registry, answered on the Record's read thread: an answer is small, or comes in parts. */
import {
  type CoordinateSystem,
  type DeviceId,
  inScope,
  type Progress,
  type Scope,
  type TableFile,
} from '@hub/contracts'
import { dayOf, type ProgressDevice, progressOf } from '@hub/core'
import { type Call, type Language, piecesOf, type ReadSource } from '@hub/platform'
import { devicePage, recordPages, type Seen } from './device-list.ts'
import { type RecordRow, readRecordRows } from './files/record-rows.ts'
import { readTopologyRows, type TopologyLine } from './files/topology-rows.ts'
import { workbookOf } from './files/workbook.ts'
import { csvHeader, csvRows, recordCells, recordHeading } from './files/write.ts'
import { readProgress } from './progress.ts'
import { registryRevision } from './revision.ts'
import type { RegistryDb } from './tables.ts'

type Asked<Q> = { scope: Scope; query: Q; now: number }

/** Rows of a file in one part. */
const part = 100

/** The types of the Record's tables stand in their rooms. */
const dbOf = ({ db }: ReadSource) => db as unknown as RegistryDb

/** What is kept between two questions, of one connection. */
const kept = new WeakMap<ReadSource['db'], { revision: number; devices: Promise<ProgressDevice[]> }>()

export async function progress(
  source: ReadSource,
  { scope, query: { by, district, carrier, project }, now }: Asked<Call<'progress'>['query']>,
): Promise<Progress> {
  const wanted = (await progressDevices(source)).filter(
    (d) =>
      inScope(scope, d.district) &&
      (district === undefined || d.district === district) &&
      (carrier === undefined || d.carrier === carrier) &&
      (project === undefined || (d.project ?? '') === project),
  )
  return { asOf: now, ...progressOf(wanted, dayOf(now), by) }
}

/** Read again only when the registry has changed. */
async function progressDevices(source: ReadSource): Promise<ProgressDevice[]> {
  const revision = await registryRevision(dbOf(source))
  const before = kept.get(source.db)
  if (before?.revision === revision) return before.devices
  const devices = readProgress(dbOf(source))
  kept.set(source.db, { revision, devices })
  devices.catch(() => kept.get(source.db)?.devices === devices && kept.delete(source.db))
  return devices
}

/** The answer's JSON, UTF-8. */
export async function* devicesJson(
  source: ReadSource,
  { seen, query, now }: Pick<Asked<Call<'devices'>['query']>, 'query' | 'now'> & { seen: Seen },
): AsyncGenerator<Uint8Array, void> {
  for (const text of piecesOf({ asOf: now, ...(await devicePage(dbOf(source), seen, query)) })) yield Buffer.from(text)
}

/** UTF-8. */
export async function* registryFile(source: ReadSource, seen: Seen): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(csvHeader())
  for await (const records of recordPages(dbOf(source), seen, part)) yield Buffer.from(csvRows(records))
}

/** The same as a workbook. */
export async function* registryWorkbook(source: ReadSource, seen: Seen): AsyncGenerator<Uint8Array, void> {
  async function* rows() {
    yield recordHeading
    for await (const records of recordPages(dbOf(source), seen, part)) yield* records.map(recordCells)
  }
  yield* workbookOf('一机一档', rows(), recordHeading.length)
}

/** Rows of a file in parts, and at the end what it was. */
export type FilePart<Row> = { rows: Row[]; file?: TableFile }

/** A file of the record, read and checked. @throws HubError `import.header`, `import.file` */
export const importedRows = (
  _source: ReadSource,
  { bytes, ...asked }: { bytes: Uint8Array; language: Language; coordinates: CoordinateSystem | undefined },
): AsyncGenerator<FilePart<RecordRow>, void> => inParts(readRecordRows(bytes, asked))

/** A file of topology, read and checked. @throws HubError `import.header`, `import.file` */
export const importedTopology = (
  _source: ReadSource,
  { bytes }: { bytes: Uint8Array },
): AsyncGenerator<FilePart<TopologyLine>, void> => inParts(readTopologyRows(bytes))

async function* inParts<Row>(read: AsyncGenerator<Row, TableFile>): AsyncGenerator<FilePart<Row>, void> {
  let rows: Row[] = []
  for (;;) {
    const { value, done } = await read.next()
    if (done) return yield { rows, file: value }
    if (rows.push(value) < part) continue
    yield { rows }
    rows = []
  }
}

/** Devices on record that a file does not name; with `needs` only those that need something beside what their records say. */
export async function missingDevices(
  source: ReadSource,
  { scope, named, needs = false }: { scope: Scope; named: readonly DeviceId[]; needs?: boolean },
): Promise<DeviceId[]> {
  const inFile = new Set(named)
  const db = dbOf(source)
  let query = db.selectFrom('device').select('id').orderBy('id')
  if (scope !== 'city') query = query.where('district', 'in', [...scope])
  if (needs) query = query.where('id', 'in', db.selectFrom('topology_need').select('device'))
  return (await query.execute()).flatMap(({ id }) => (inFile.has(id) ? [] : [id]))
}
