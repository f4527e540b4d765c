/** A gateway process: `node gateway/src/main.ts --config FILE [--check]`. */
import { keepMemorySmall } from '@hub/platform/memory'

keepMemorySmall()
await import('./run.ts')
