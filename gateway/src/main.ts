/** A gateway process: `node gateway/src/main.ts --config FILE [--check]`. */
import { keepHeapSmall } from './heap.ts'

keepHeapSmall()
await import('./run.ts')
