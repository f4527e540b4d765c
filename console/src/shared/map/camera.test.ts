import { expect, test } from 'vitest'
import { queryText } from '../../router/address.ts'
import { formatCamera, parseCamera } from './camera.ts'

const parse = (text: string) => parseCamera(new URLSearchParams(text))

test('where the map stands is read back as it was written', () => {
  const text = 'at=112.6000%2C26.8900%2C13.00'
  expect(parse(text)).toEqual({ longitude: 112.6, latitude: 26.89, zoom: 13 })
  expect(queryText(formatCamera(parse(text)))).toBe(text)
  expect(queryText(formatCamera(null))).toBe('')
})

test.each(['at=1,2', 'at=900,26,9', 'at=112,86,9', 'at=112,26,25', 'at=a,b,c', ''])('%j is no position', (text) =>
  expect(parse(text)).toBeNull(),
)
