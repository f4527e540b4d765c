/** What the Record is made of: what was released before rooms owned their tables, and what each room has made of it since. */
import type { RecordSchema } from '@hub/platform'
import { base } from './base/index.ts'
import { rooms } from './modules.ts'

export const recordSchema: RecordSchema = { base, rooms }
