/** The calling side of `readings.ts`. */
import type { Reader, RecordStore } from '@hub/platform'
import * as readings from './readings.ts'

const module = new URL('./readings.ts', import.meta.url)

export const registryReader = (record: Pick<RecordStore, 'reader'>): Reader<typeof readings> =>
  record.reader(module, readings)
