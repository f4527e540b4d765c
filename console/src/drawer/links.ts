/** Addresses within the drawer: the view behind it stays. */
import type { Span } from '@hub/core'
import { hrefHere } from '../router/router.svelte.ts'

/** The same view, looking into a stretch of the device's time; null leaves it. */
export const spanHref = (span: Span | null): string => hrefHere({ span })
