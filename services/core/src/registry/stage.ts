/** The life cycle of a device, apart from its health. */
import type { Stage } from '@hub/contracts'

/** Forward one stage at a time; built and accepted may step back one (a failed acceptance); in service ends in retirement, which is final. */
const moves: Record<Stage, readonly Stage[]> = {
  planned: ['built'],
  built: ['accepted', 'planned'],
  accepted: ['in-service', 'built'],
  'in-service': ['retired'],
  retired: [],
}

export type Move = { ok: true } | { ok: false; legal: Stage[] }

/** Whether a device may go from a stage to another; if not, where it may go. */
export const moveStage = (from: Stage, to: Stage): Move =>
  moves[from].includes(to) ? { ok: true } : { ok: false, legal: [...moves[from]] }
