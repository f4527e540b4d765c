import { expect, test } from 'vitest'
import { tabOf } from './tabs.ts'

test('a tab that is none leads to the first', () => {
  expect(tabOf('registry')).toBe('registry')
  expect(['', 'rates', 'nowhere'].map(tabOf)).toEqual(['gateways', 'gateways', 'gateways'])
})
