import { expect, it } from 'vitest'
import { readEventOrder } from './order.ts'

it('an order to notice something is read as it is', () => {
  const order = { match: { district: '430405' }, topic: 'tamper', active: false }
  expect(readEventOrder(order)).toEqual(order)
})

it.each([
  [
    { match: {}, topic: 'rain', active: true },
    'topic is rain: must be one of motion, tamper, video-loss, digital-input',
  ],
  [{ match: {}, topic: 'motion', active: 1 }, 'active is 1: must be true or false'],
  [{ match: { colour: 'red' }, topic: 'motion', active: true }, 'match.colour is red: unknown key'],
  [{ match: {}, topic: 'motion', active: true, forMs: 5 }, 'forMs is present: unknown key'],
])('%j is refused', (input, message) => {
  expect(() => readEventOrder(input)).toThrow(expect.objectContaining({ message }))
})
