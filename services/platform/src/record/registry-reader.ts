/** The calling side of `registry-readings.ts`. */
import type { RecordStore } from './open.ts'
import * as readings from './registry-readings.ts'

const module = new URL('./registry-readings.ts', import.meta.url)

export const registryReader = (record: Pick<RecordStore, 'reader'>) => record.reader(module, readings)
