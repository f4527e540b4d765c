/** What other rooms may read of emergency. The columns are documented with their types, in contracts. */
import type { View } from '@hub/platform'

export const emergencyViews: readonly View[] = []
