/** The calling side of `queries.ts`. */
import type { Reader, RecordStore } from '@hub/platform'
import * as queries from './queries.ts'

const module = new URL('./queries.ts', import.meta.url)

export const registryQueries = (record: Pick<RecordStore, 'reader'>): Reader<typeof queries> =>
  record.reader(module, queries)
