import { type Stage, stages } from '@hub/contracts'
import { expect, test } from 'vitest'
import { moveStage } from './stage.ts'

const legal: Record<Stage, Stage[]> = {
  planned: ['built'],
  built: ['accepted', 'planned'],
  accepted: ['in-service', 'built'],
  'in-service': ['retired'],
  retired: [],
}

test.each(stages.flatMap((from) => stages.map((to) => [from, to] as const)))('%s → %s', (from, to) => {
  expect(moveStage(from, to)).toEqual(legal[from].includes(to) ? { ok: true } : { ok: false, legal: legal[from] })
})
