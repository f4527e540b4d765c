import { wordTable, workOrderStatuses, workOrderSteps } from '@hub/contracts'
import { expect, test } from 'vitest'
import { words } from './words.ts'

test('an order is said on the page as the hub says it in files and refusals', () => {
  for (const status of workOrderStatuses)
    expect(words.zh[`order.status.${status}`]).toBe(wordTable['order-status'][status].zh)
  for (const step of workOrderSteps) expect(words.zh[`order.did.${step}`]).toBe(wordTable['order-step'][step].zh)
})
