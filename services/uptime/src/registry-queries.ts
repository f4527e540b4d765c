/** The calling side of `registry-figures.ts`, which runs on the thread of long queries. */
import type { RecordStore } from '@hub/platform'
import * as figures from './registry-figures.ts'

const module = new URL('./registry-figures.ts', import.meta.url)

export const registryQueries = (record: Pick<RecordStore, 'reader'>) => record.reader(module, figures)
