/** Exemptions and corrections: applied for, tried out, decided by a second person. */
import { HubError } from '@hub/contracts'
import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'

type Adjustments = Pick<
  Handlers,
  'adjustments' | 'requestAdjustment' | 'previewAdjustment' | 'adjustmentEffect' | 'decideAdjustment'
>

export const adjustmentHandlers = (_context: Context): Adjustments => ({
  adjustments: () => [],
  requestAdjustment: () => Promise.reject(new HubError('adjustment.unknown', { value: 'new' })),
  previewAdjustment: () => Promise.reject(new HubError('adjustment.unknown', { value: 'new' })),
  adjustmentEffect: ({ params }) => Promise.reject(new HubError('adjustment.unknown', { value: params.id })),
  decideAdjustment: ({ params }) => Promise.reject(new HubError('adjustment.unknown', { value: params.id })),
})
