/** The centre's process: `node services/hub/src/main.ts --config FILE [--check] [--modules=a,b]`. */
import { keepMemorySmall } from '@hub/platform/memory'

keepMemorySmall()
await import('./run.ts')
