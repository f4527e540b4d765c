/** Addresses within the drawer: the view behind it stays. */
import type { Span } from '@hub/core'
import { view } from '../router/router.svelte.ts'
import { formatView } from '../router/view.ts'

/** The same view, looking into a stretch of the device's time; null leaves it. */
export const spanHref = (span: Span | null): string => formatView({ ...view(), span })
