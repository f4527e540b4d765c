import { expect, test } from 'vitest'
import { sourceOf } from './dead-letter.ts'

test.each([
  ['field/v1/43040500001320000001/telemetry', 'device', '43040500001320000001'],
  ['hub/v1/gateways/43040500002000000001/observations', 'gateway', '43040500002000000001'],
  ['history/telemetry', 'history', 'telemetry'],
  ['elsewhere', 'other', 'elsewhere'],
])('a dead letter on %s is of a %s', (source, kind, id) => {
  expect(sourceOf(source)).toEqual({ kind, id })
})
