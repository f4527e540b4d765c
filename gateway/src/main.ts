/** A gateway process: `node gateway/src/main.ts --config FILE [--check]`. */
import { keepMemorySmall } from './memory.ts'

keepMemorySmall()
await import('./run.ts')
